package db

import "context"

// Observer is told what happens on a database. Its functions are called on the goroutine that works, so they must be quick; nil ones are not called. It gets
// the text of statements and never their arguments, which may be personal.
type Observer struct {
	// Statement is called before each statement. What it returns is called when the answer has begun, with the error, nil for none.
	Statement func(ctx context.Context, sql string) (answered func(err error))
	// Transaction is called when a write transaction is asked for; what it returns, when it is over, with whether it committed.
	Transaction func(ctx context.Context) (over func(committed bool))
}

// Pool is the state of one kind of connections.
type Pool struct {
	// Name is read or write.
	Name string
	// Open connections there are, Busy of them at work, Most at most.
	Open, Busy, Most int
}

// Pools returns how the connections are used right now.
func (d *DB) Pools() []Pool { return unwrap(d.backend).(interface{ pools() []Pool }).pools() }

func (p *postgres) pools() []Pool {
	r, w := p.reading.Stat(), p.writing.Stat()
	return []Pool{
		{"read", int(r.TotalConns()), int(r.AcquiredConns()), int(r.MaxConns())},
		{"write", int(w.TotalConns()), int(w.AcquiredConns()), int(w.MaxConns())},
	}
}

func (s *embedded) pools() []Pool {
	// A place that is free is as good as a connection.
	r, w := cap(s.readers.places), cap(s.writer.places)
	return []Pool{{"read", r, r - len(s.readers.places), r}, {"write", w, w - len(s.writer.places), w}}
}

// observed is a backend that tells an observer.
type observed struct {
	backend
	o Observer
}

func observe(b backend, o Observer) backend {
	if o.Statement == nil && o.Transaction == nil {
		return b
	}
	return &observed{b, o}
}

// unwrap is the backend itself.
func unwrap(b backend) backend {
	if o, ok := b.(*observed); ok {
		return o.backend
	}
	return b
}

func (b *observed) reads() session { return observedSession{b.backend.reads(), b.o} }

func (b *observed) begin(ctx context.Context) (transaction, error) {
	over := func(bool) {}
	if b.o.Transaction != nil {
		over = b.o.Transaction(ctx)
	}
	t, err := b.backend.begin(ctx)
	if err != nil {
		over(false)
		return nil, err
	}
	return &observedTx{observedSession{t, b.o}, t, over}, nil
}

func (b *observed) snapshot(ctx context.Context) (transaction, error) {
	t, err := b.backend.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return &observedTx{observedSession{t, b.o}, t, func(bool) {}}, nil
}

type observedSession struct {
	session
	o Observer
}

func (s observedSession) statement(ctx context.Context, sql string) func(error) {
	if s.o.Statement == nil {
		return func(error) {}
	}
	return s.o.Statement(ctx, sql)
}

func (s observedSession) query(ctx context.Context, sql string, args []any) (Rows, error) {
	answered := s.statement(ctx, sql)
	rows, err := s.session.query(ctx, sql, args)
	answered(err)
	return rows, err
}

func (s observedSession) exec(ctx context.Context, sql string, args []any) (int64, error) {
	answered := s.statement(ctx, sql)
	n, err := s.session.exec(ctx, sql, args)
	answered(err)
	return n, err
}

type observedTx struct {
	observedSession
	t    transaction
	over func(committed bool)
}

func (t *observedTx) commit(ctx context.Context) error {
	err := t.t.commit(ctx)
	t.over(err == nil)
	return err
}

func (t *observedTx) rollback() {
	t.t.rollback()
	t.over(false)
}
