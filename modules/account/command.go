package account

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"almoner.dev/almoner"
	"almoner.dev/almoner/core/auth"
	"almoner.dev/almoner/core/db"
	"almoner.dev/almoner/core/entity"
	"almoner.dev/almoner/core/module"
)

var commands = []module.Command{
	{
		Name: "user create", Usage: "EMAIL [--admin] [--first NAME] [--last NAME]", Help: "Create a user; the password is read from standard input.",
		Run: func(ctx context.Context, service any, c module.CommandInput) error {
			return service.(*Service).createCommand(ctx, c)
		},
	},
	{
		Name: "user password", Usage: "EMAIL", Help: "Set a user's password, read from standard input; ends all their sessions.",
		Run: func(ctx context.Context, service any, c module.CommandInput) error {
			return service.(*Service).passwordCommand(ctx, c)
		},
	},
	{
		Name: "user link", Usage: "LOGIN", Help: "Print the token by which a user chooses a new password once, within a day: /front/set_password?token=…",
		Run: func(ctx context.Context, service any, c module.CommandInput) error {
			return service.(*Service).linkCommand(ctx, c)
		},
	},
}

func (s *Service) linkCommand(ctx context.Context, c module.CommandInput) error {
	if len(c.Args) != 1 {
		return errors.New("say whose link it is: almoner user link LOGIN")
	}
	ctx = almoner.WithActor(ctx, &almoner.Actor{System: "system.command"})
	var token string
	err := s.db.InTx(ctx, func(tx *db.Tx) error {
		u, ok, err := userByLogin(ctx, tx, c.Args[0])
		if err != nil {
			return err
		}
		if !ok {
			return almoner.Errorf(almoner.NotFound, "account.unknown_user", "There is no user %s.", c.Args[0])
		}
		token, err = s.NewPasswordLink(ctx, tx, u.id)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.Out, token)
	return err
}

func (s *Service) createCommand(ctx context.Context, c module.CommandInput) error {
	flags := flag.NewFlagSet("user create", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	admin := flags.Bool("admin", false, "")
	first, last := flags.String("first", "", ""), flags.String("last", "", "")
	email, err := emailAndFlags(flags, c.Args)
	if err != nil {
		return err
	}
	password, err := readPassword(c)
	if err != nil {
		return err
	}
	ctx = almoner.WithActor(ctx, &almoner.Actor{System: "system.command"})
	// What is typed at a terminal is checked like what is sent to the API.
	typed := map[string]any{"email": email, "first_name": *first, "last_name": *last, "is_superuser": *admin}
	change, err := s.User.Decode(entity.Viewer{Trusted: true}, entity.Create, typed, true)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		if err := s.User.Save(ctx, tx, change); err != nil {
			return err
		}
		return s.SetPassword(ctx, tx, change.ID, password)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Out, "Created %s.\n", email)
	return err
}

func (s *Service) passwordCommand(ctx context.Context, c module.CommandInput) error {
	flags := flag.NewFlagSet("user password", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	email, err := emailAndFlags(flags, c.Args)
	if err != nil {
		return err
	}
	u, ok, err := userByEmail(ctx, s.db, email)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("there is no user %s", email)
	}
	password, err := readPassword(c)
	if err != nil {
		return err
	}
	ctx = almoner.WithActor(ctx, &almoner.Actor{System: "system.command"})
	if err := s.db.InTx(ctx, func(tx *db.Tx) error { return s.SetPassword(ctx, tx, u.id, password) }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Out, "The password of %s is set; all their sessions have ended.\n", email)
	return err
}

// SetPassword gives a user a password in the caller's transaction and ends their sessions and bearer tokens. Invalid when the password is too weak.
func (s *Service) SetPassword(ctx context.Context, tx *db.Tx, userID int64, password string) error {
	if err := auth.CheckPassword("password", password); err != nil {
		return err
	}
	hash, err := s.auth.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	if err := setPassword(ctx, tx, userID, hash); err != nil {
		return err
	}
	_, err = s.auth.EndSessions(ctx, tx, userID, 0)
	return err
}

// emailAndFlags accepts the address before or behind the flags.
func emailAndFlags(flags *flag.FlagSet, args []string) (string, error) {
	email := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		email, args = args[0], args[1:]
	}
	if err := flags.Parse(args); err != nil {
		return "", err
	}
	if email == "" && flags.NArg() > 0 {
		email = flags.Arg(0)
	}
	if email == "" {
		return "", errors.New("say whose account: an e-mail address is missing")
	}
	return strings.ToLower(email), nil
}

// readPassword takes the first line of standard input, so that no password ends up in a list of processes.
func readPassword(c module.CommandInput) (string, error) {
	_, _ = fmt.Fprint(c.Out, "Password: ")
	line, err := bufio.NewReader(c.In).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("no password was given on standard input")
	}
	return line, nil
}
