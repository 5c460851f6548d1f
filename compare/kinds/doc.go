// Package kinds runs studies: all kinds that a problem asks for, whole, by shards, or as a
// forecast of what they take. Results do not depend on clocks, on the number of workers, or on
// what was found in the store.
//
//	r, err := kinds.Gap(ctx, problem, nil)
//	for _, row := range r.Gap {
//		fmt.Println(row.Model, row.EtaText, row.Gap, row.Error, row.Certified)
//	}
package kinds
