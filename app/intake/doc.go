// Package intake takes in the data of another system: a folder of CSV files whose rows refer to each other by their ids there.
//
//	report, err := intake.Take(ctx, intake.Into{DB: db, Set: set}, intake.Wish{Set: "openimis", Dir: dir, Workspace: "IMIS"})
//
// What the files mean is said by the modules, as data (module.Table); a file that no module takes is told in the report. The work has two parts.
// First every row of every file is checked: its columns, its values, what it refers to, what must be unique. When anything is wrong nothing is written, and the report
// has file, line and column of each mistake. Then the rows are written in the order of their references, in short transactions, through entity.Save, so that the rules
// of the modules hold; what a rule refuses is told in the same way, and does not hold up the other rows.
//
// The table intake_rows remembers which record a row became, and a digest of what was written, in the transaction that writes it. So an
// import that was cut off goes on where it ended, a second one changes nothing, a corrected file changes what was corrected, and a record that people have changed
// since is left alone, which the report tells.
//
// Memory grows with the number of rows, not with what is in them: about fifty bytes a row.
package intake
