"""Charts: what one shows (`chart.py`), and the widget that shows it (`view.py`), drawn with pyqtgraph.

Nothing but `plot.py`, `graphics.py`, `points.py` and `chart_table.py` imports pyqtgraph or numpy, which take a second
and more; they are loaded in a thread when the first chart is shown (`library.py`).
"""
