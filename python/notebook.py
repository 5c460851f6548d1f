#!/usr/bin/python3
"""Run the code cells of a notebook in order, in one interpreter, without Jupyter.

    notebook.py check FILE.ipynb     compare what they print with what is stored
    notebook.py update FILE.ipynb    store it

A cell prints text, shows its last expression as text, and draws figures. Texts must be
equal to the last character; of pictures, whose bytes are matplotlib's, that there are as many.
"""
import ast
import base64
import contextlib
import io
import json
import os
import sys

import matplotlib

matplotlib.use("Agg")  # no display is needed
import matplotlib.pyplot as plt


def run(source, space):
    """Run a cell and return its outputs as a notebook has them."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, shown = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "<cell>", "exec"), space)
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), "<cell>", "eval"), space)
    outputs = []
    if printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": lines(printed.getvalue())})
    for number in plt.get_fignums():
        picture = io.BytesIO()
        plt.figure(number).savefig(picture, format="png", dpi=80, metadata={"Software": None})
        plt.close(number)
        data = {"image/png": base64.b64encode(picture.getvalue()).decode(), "text/plain": ["<Figure>"]}
        outputs.append({"data": data, "metadata": {}, "output_type": "display_data"})
        shown = None  # what a drawing call returned
    if shown is not None:
        outputs.append({"data": {"text/plain": lines(repr(shown))}, "metadata": {}, "output_type": "display_data"})
    return outputs


def lines(text):
    return text.splitlines(keepends=True)


def text(outputs):
    """Return what of outputs is compared."""
    return "".join("".join(o.get("text") or o["data"]["text/plain"]) for o in outputs)


def main():
    mode, file = sys.argv[1:]
    file = os.path.abspath(file)
    with open(file, encoding="utf-8") as f:
        notebook = json.load(f)
    os.chdir(os.path.dirname(file))
    space, different, count = {"__name__": "__main__"}, 0, 0
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] != "code":
            continue
        count += 1
        outputs = run("".join(cell["source"]), space)
        if mode == "check" and text(outputs) != text(cell["outputs"]):
            different += 1
            print(f"cell {number} gives\n{text(outputs)}\nand not the stored\n{text(cell['outputs'])}")
        cell["outputs"], cell["execution_count"] = outputs, count
    if mode == "update":
        with open(file, "w", encoding="utf-8") as f:
            json.dump(notebook, f, indent=1, ensure_ascii=False)
            f.write("\n")
    elif different:
        sys.exit(f"{different} of {count} code cells differ; python/notebook.py update {file} stores what they give now")
    print(f"{count} code cells ran")


if __name__ == "__main__":
    main()
