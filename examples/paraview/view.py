#!/usr/bin/env pvpython
"""Draw a field of a results file of kolmo at one time, without a window.

    pvpython view.py PICTURE.png FILE.xmf2 FIELD TIME

A curve in one dimension, a coloured plane with contour lines in two, the coloured
planes through the middle in three. Without a display, run it below xvfb-run.
"""
import sys

from paraview.simple import *

picture, file, field, time = sys.argv[1:5]
black, white = [0, 0, 0], [1, 1, 1]

run = OpenDataFile(file)
time = min(run.TimestepValues, key=lambda t: abs(t - float(time)))
run.UpdatePipeline(time)
extent, bounds = run.GetDataInformation().GetExtent(), run.GetDataInformation().GetBounds()
nodes = [extent[2 * k + 1] - extent[2 * k] + 1 for k in range(3)]
middle = [(bounds[2 * k] + bounds[2 * k + 1]) / 2 for k in range(3)]
low, high = run.PointData[field].GetRange()
print(f"t = {time!r}, nodes {' x '.join(map(str, nodes))}, {field} from {low!r} to {high!r}")


def curve():
    view = CreateView("XYChartView")
    view.ViewTime = time
    view.ChartTitle = f"{field} at t = {time:g}"
    view.BottomAxisTitle, view.LeftAxisTitle = "x1", field
    place = Calculator(Input=run)  # charts know arrays only
    place.Function, place.ResultArrayName = "coordsX", "x1"
    shown = Show(PlotData(Input=place), view)
    shown.UseIndexForXAxis, shown.XArrayName = 0, "x1"
    shown.SeriesVisibility = [field]
    shown.SeriesColor = [field, "0", "0.45", "0.7"]
    shown.SeriesLineThickness = [field, "3"]
    view.ShowLegend = 0
    return view


def planes():
    view = CreateView("RenderView")
    view.ViewTime = time
    view.UseColorPaletteForBackground, view.Background = 0, white
    view.OrientationAxesVisibility = 0
    if nodes[2] > 1:
        shapes = [Slice(Input=run) for _ in range(3)]
        for k, shape in enumerate(shapes):
            shape.SliceType.Normal, shape.SliceType.Origin = [float(k == i) for i in range(3)], middle
    else:
        lines = Contour(Input=run)
        lines.ContourBy = ["POINTS", field]
        lines.Isosurfaces = [low + (high - low) * (i + 0.5) / 10 for i in range(10)]
        shown = Show(lines, view)
        ColorBy(shown, None)
        shown.DiffuseColor = shown.AmbientColor = black
        shown.Position = [0, 0, 1e-3 * (bounds[1] - bounds[0])]  # above the plane
        shapes = [run]
    colors = GetColorTransferFunction(field)
    for shape in shapes:
        shown = Show(shape, view)
        shown.SetRepresentationType("Surface")
        ColorBy(shown, ("POINTS", field))
        shown.Ambient, shown.Diffuse = 1, 0  # colours as in the bar, no shades
    reach = max(abs(low), abs(high))
    colors.ApplyPreset("Cool to Warm", True)
    colors.RescaleTransferFunction(*((-reach, reach) if low < 0 < high else (low, high)))
    bar = GetScalarBar(colors, view)
    bar.Title, bar.ComponentTitle, bar.Visibility = f"{field}, t = {time:g}", "", 1
    bar.TitleColor = bar.LabelColor = black
    bar.ScalarBarLength = 0.6
    bar.WindowLocation = "Any Location"
    bar.Position = [0.87, 0.2]

    view.AxesGrid = "GridAxes3DActor"
    grid = view.AxesGrid
    grid.Visibility = 1
    for axis in "XYZ":
        setattr(grid, axis + "Title", f"x{'XYZ'.index(axis) + 1}")
        setattr(grid, axis + "TitleColor", black)
        setattr(grid, axis + "LabelColor", black)
        setattr(grid, axis + "TitleFontSize", 18)
        setattr(grid, axis + "LabelFontSize", 14)
    grid.GridColor = [0.6, 0.6, 0.6]
    grid.AxesToLabel = 7 if nodes[2] == 1 else 63  # of a plane those in front only
    view.CameraParallelProjection = 1
    if nodes[2] > 1:  # from the front, the right and above
        view.CameraFocalPoint, view.CameraViewUp = middle, [0, 0, 1]
        view.CameraPosition = [m + d for m, d in zip(middle, (1.2, -2, 1.3))]
    ResetCamera(view)
    return view


view = curve() if nodes[1] == 1 else planes()
view.ViewSize = [1000, 750]
Render(view)
SaveScreenshot(picture, view, ImageResolution=[1000, 750])
print(f"picture: {picture}")
