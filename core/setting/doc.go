// Package setting holds the settings that an administrator may change while the program runs.
//
// A package declares them as data, binds each once and reads it wherever it is needed, without a lock:
//
//	var MaxTasks = setting.Setting[int64]{
//		Name: "tpm.max_tasks", Label: "Tasks of a visit", Help: "A visit takes no more tasks than this.",
//		Kind: setting.Int(1, 500), Default: 100,
//	}
//
//	most := MaxTasks.Bind(book)   // once, while the program is put together
//	if n > most.Now() { ... }     // at every use
//
// What is in force is, from weakest to strongest: the declared value, what an administrator chose for all workspaces, what an administrator chose for this
// workspace, and what the operator wrote (file, environment, command line), which pins the setting. Names are those of the settings file, so a setting that
// is a field of a Config struct and declared here is one setting.
//
// Promises: a Book reports all wrong declarations at once; a value that is in force has passed the limits of its declaration, whoever chose it;
// Apply swaps values as a whole, and a value that does not fit any more, after an update, is passed over.
package setting
