package setting

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/module"
)

var commands = []module.Command{
	{
		Name: "setting set", Usage: "NAME VALUE [--workspace CODE]", Help: "Change a setting as an administrator would; running servers follow within two seconds.",
		Run: func(ctx context.Context, service any, c module.CommandInput) error {
			return service.(*Service).setCommand(ctx, c)
		},
	},
	{
		Name: "setting reset", Usage: "NAME [--workspace CODE]", Help: "Take an administrator's change of a setting back.",
		Run: func(ctx context.Context, service any, c module.CommandInput) error {
			return service.(*Service).resetCommand(ctx, c)
		},
	},
}

func (s *Service) setCommand(ctx context.Context, c module.CommandInput) error {
	words, place, err := wordsAndWorkspace("setting set", c.Args)
	if err != nil {
		return err
	}
	if len(words) != 2 {
		return errors.New("say which setting and what it should be: setting set NAME VALUE; `almoner config` lists them")
	}
	value, err := s.book.Parse(words[0], words[1])
	if err != nil {
		return err
	}
	return s.command(ctx, c, wish{name: words[0], value: value}, place)
}

func (s *Service) resetCommand(ctx context.Context, c module.CommandInput) error {
	words, place, err := wordsAndWorkspace("setting reset", c.Args)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return errors.New("say which setting: setting reset NAME")
	}
	if _, ok := s.book.Find(words[0]); !ok {
		return fmt.Errorf("there is no setting %q that can be changed while the program runs", words[0])
	}
	return s.command(ctx, c, wish{name: words[0]}, place)
}

func (s *Service) command(ctx context.Context, c module.CommandInput, w wish, place string) (err error) {
	ctx = almoner.WithActor(ctx, &almoner.Actor{System: "system.command"})
	if w.workspace, err = s.workspace(ctx, place); err != nil {
		return err
	}
	if state, _ := s.book.Find(w.name); state.Pinned() {
		return fmt.Errorf("%s is pinned by %s; change it there", w.name, state.Place)
	}
	if err := s.save(ctx, w); err != nil {
		return err
	}
	where := ""
	if place != "" {
		where = " in " + place
	}
	if w.value == nil {
		_, err = fmt.Fprintf(c.Out, "%s is as if no administrator had changed it%s.\n", w.name, where)
	} else {
		_, err = fmt.Fprintf(c.Out, "%s is %s%s.\n", w.name, w.value, where)
	}
	return err
}

// wordsAndWorkspace accepts the flag before, between and behind the words.
func wordsAndWorkspace(name string, args []string) (words []string, workspace string, err error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&workspace, "workspace", "", "")
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return nil, "", err
		}
		if args = flags.Args(); len(args) > 0 {
			words, args = append(words, args[0]), args[1:]
		}
	}
	return words, workspace, nil
}
