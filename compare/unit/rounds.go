package unit

var LocalRounds = [...]int{0, 2, 1, 0}
