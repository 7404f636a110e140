"""What the program tells about itself: the user guide, versions and licences."""
