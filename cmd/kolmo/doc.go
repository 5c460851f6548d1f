// Command kolmo measures how well diffusions approximate stochastic gradient
// descent, uniformly in time:
//
//	kolmo init [--from NAME] [FILE.yaml|FOLDER]
//	kolmo check STUDY.yaml
//	kolmo run STUDY.yaml [--out FOLDER] [--fresh]
//	kolmo verify STUDY.yaml [--paths N] [--seed N] [--out FOLDER]
//
// and more, each with its flags in kolmo COMMAND --help; doc/commands.md says which is for what.
//
// run reads a study file (doc/study-file.md), computes for every observable phi,
// model and learning rate eta the gap
//
//	sup_n sup_{|x|<=R} |E phi(X_n) - u(x, n eta)|
//
// between SGD and the model, with an estimate of its error, prints a table, and
// writes results.json, gap.csv, pictures, fields and report.html to a folder,
// out/NAME unless --out says otherwise. The folder appears, or changes, when
// everything in it is complete.
//
// Exit codes: 0 done and everything answered; 1 a file could not be read or
// written, or an internal error; 2 the study, a flag or an argument is wrong, or
// the folder holds something else; 3 done, but a gap is not certified or a
// kind of study has no answer; 4 kolmo verify or kolmo compare found a disagreement;
// 130 interrupted.
package main
