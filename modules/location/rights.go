package location

// The rights over places; see openimis-core appendix B.
const (
	RightSee     = 121901
	RightCreate  = 121902
	RightChange  = 121903
	RightClose   = 121904
	RightMove    = 121905
	RightRegions = 121906
)
