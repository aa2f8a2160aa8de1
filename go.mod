module almoner.dev/almoner

go 1.26
