package officer

import "almoner.dev/almoner/core/module"

// tables are the files of an openIMIS database that this module takes in.
func (s *Service) tables() []module.Table { return nil }
