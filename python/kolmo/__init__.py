"""Run kolmo and read its results.

kolmo computes, with error estimates, the gap between stochastic gradient descent and
its diffusion approximations. This package starts the program and reads what it wrote:

>>> import kolmo
>>> r = kolmo.run("studies/quad1d.yaml", eta=["1/4", "1/8", "1/16"])
>>> r.gap[["observable", "model", "eta", "gap", "error", "certified"]]
>>> r.fields(model="modified", eta="1/4", observable="square").gap

`run` computes a study, `open` reads the folder of one that is finished. Both return
`Results`.
"""
from .errors import KolmoError, NotCertified, StudyError
from .program import run
from .results import Results, open

__all__ = ["KolmoError", "NotCertified", "Results", "StudyError", "open", "run"]
