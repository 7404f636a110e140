"""Charts: what one shows (`chart.py`), and the widget that shows it (`view.py`), drawn with pyqtgraph.

Nothing but `plot.py`, `axis.py`, `points.py` and `chart_table.py` imports pyqtgraph or numpy, which take a good part of a
second; they are loaded in a thread when the first chart is shown (`library.py`).
"""
