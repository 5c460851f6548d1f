package h5

// CreateGroup creates the group name. Datasets go into it by names with a slash:
// CreateDataset(f, "S/data", ..) after CreateGroup("S").
func (f *File) CreateGroup(name string) error {
	return f.call("create", name, func() error {
		g, err := f.file.CreateGroup(name)
		if err != nil {
			return err
		}
		return g.Close()
	})
}
