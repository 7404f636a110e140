"""The tour: the real window over the real services, driven through one whole story and photographed."""
