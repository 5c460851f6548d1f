// Package outfolder keeps the folders that results are written to: which files in them
// are the program's, where unfinished work lies, and how finished files replace older
// ones.
//
// What the program wrote is recorded, never guessed from names. Every folder that it
// works in has a record, the file RecordName, from its first moment on: what the work is
// for (Ticket), and the files with their sizes and digests. A file that the record does
// not list, or whose digest is another, is the user's: it is neither replaced nor removed.
//
// Work is done in a folder of its own, which is made for it and locked: beside the output
// folder if that does not exist yet, inside it otherwise. Finished work is committed by
// one rename: of the folder, or of its record, from which on the files' move into the
// output folder is completed by whoever opens that folder next.
//
//	f, err := outfolder.Open("out/iris")     // completes a commit that was cut short
//	w, err := f.Begin(ticket, names, false)  // refuses where a file of the user's is in the way
//	err = export.All(w.Dir, result, meta)
//	err = w.Commit()
//	w.End(err == nil)
//
// Links, pipes and devices where the program reads or writes are refused without being
// opened. Faults of the folder are of the type *Fault.
package outfolder
