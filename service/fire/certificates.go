package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/cbcerr/cbcerr/service/testca"
)

// certificates replaces the server's certificate again and again, while old connections go on and new ones are made.
func certificates(f *fire, o *outcome) error {
	s, err := f.newSecured()
	if err != nil {
		return err
	}
	d, err := f.started("daemon", s.flags("--reload-interval", "200ms")...)
	if err != nil {
		return err
	}
	defer d.kill()
	old, fresh, release, err := s.crews(d)
	if err != nil {
		return err
	}
	defer release()
	stop := s.files.keep(time.Second, s.next)
	seen := map[int64]bool{}
	err = during(func() error {
		for end := time.Now().Add(pick(f.options, 5*time.Second, time.Minute)); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			serial, err := s.serial(d.grpc)
			if err != nil {
				return fmt.Errorf("a handshake: %w", err)
			}
			seen[serial] = true
		}
		return nil
	}, old, fresh)
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	return s.report(f, o, d, old, fresh, seen)
}

func (s *secured) report(f *fire, o *outcome, d *daemon, old, fresh *crew, seen map[int64]bool) error {
	newest := s.signed.Load()
	start := time.Now()
	serial, err := s.serial(d.rest)
	for ; serial != newest && err == nil && time.Since(start) < patience; serial, err = s.serial(d.rest) {
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		return err
	}
	o.Tables = append(o.Tables, table{Head: tallyHead("clients"), Rows: [][]string{old.tally.row("gRPC, one connection for the whole time"), fresh.tally.row("REST, a connection for each request")}})
	o.say("old connections", old.tally)
	o.say("new connections", fresh.tally)
	o.none(old.tally.amiss()+fresh.tally.amiss(), "calls without the right answer")
	o.must(serial == newest, "serial number of the certificate at the end", fmt.Sprint(newest), fmt.Sprint(serial))
	wanted := pick(f.options, 3, 40)
	o.must(len(seen) >= wanted, "certificates that new connections were shown", fmt.Sprintf("%d at least", wanted), fmt.Sprint(len(seen)))
	return s.half(o, d)
}

// half replaces the certificate and not the key: the last good pair has to stay in use.
func (s *secured) half(o *outcome, d *daemon) error {
	good := s.signed.Load()
	files, err := s.next(0)
	if err != nil {
		return err
	}
	other, err := s.authority.Issue("another", 1_000_000, time.Hour)
	if err != nil {
		return err
	}
	files["tls.key"] = string(other.Key)
	if err := s.files.put(files); err != nil {
		return err
	}
	time.Sleep(time.Second)
	serial, err := s.serial(d.grpc)
	if err != nil {
		return err
	}
	m, err := d.metrics()
	o.must(serial == good, "with a key that does not fit: serial number in use", fmt.Sprint(good), fmt.Sprint(serial))
	o.must(m.sum("cbcerr_reload_failing", "certificates") == 1, "with a key that does not fit: cbcerr_reload_failing", "1", fmt.Sprint(m.sum("cbcerr_reload_failing", "certificates")))
	return err
}

// A secured is what a daemon with TLS and its clients need.
type secured struct {
	authority *testca.Authority
	files     *configMap
	signed    atomic.Int64 // serial number of the newest certificate
	client    *tls.Config
}

func (f *fire) newSecured() (s *secured, err error) {
	s = new(secured)
	if s.authority, err = testca.New("fire"); err != nil {
		return nil, err
	}
	own, err := s.authority.Issue("client", 1, time.Hour)
	if err != nil {
		return nil, err
	}
	if s.client, err = s.authority.Client(&own); err != nil {
		return nil, err
	}
	first, err := s.next(0)
	if err != nil {
		return nil, err
	}
	s.files, err = newConfigMap(filepath.Join(f.dir, "certificates"), first)
	return s, err
}

// next is a new certificate for the server. The first serial number is 1001.
func (s *secured) next(int) (map[string]string, error) {
	s.signed.CompareAndSwap(0, 1000)
	p, err := s.authority.Issue("server", s.signed.Add(1), time.Hour)
	return map[string]string{"tls.crt": string(p.Certificate), "tls.key": string(p.Key), "ca.crt": string(s.authority.PEM())}, err
}

// flags have the daemon use the files and ask its clients for certificates.
func (s *secured) flags(more ...string) []string {
	return append(s.serverOnly(), append([]string{"--tls-client-ca", filepath.Join(s.files.dir, "ca.crt")}, more...)...)
}

// serverOnly are the flags of a daemon that takes clients without certificates.
func (s *secured) serverOnly() []string {
	return []string{"--tls-cert", filepath.Join(s.files.dir, "tls.crt"), "--tls-key", filepath.Join(s.files.dir, "tls.key")}
}

// crews are clients with certificates: on connections that last, and on new ones.
func (s *secured) crews(d *daemon) (old, fresh *crew, release func(), err error) {
	conn, err := dialOne(new(attempts), d.grpc, s.client)
	if err != nil {
		return nil, nil, nil, err
	}
	old = &crew{questions: questions, tally: new(tally), every: 5 * time.Millisecond}
	fresh = &crew{questions: questions, tally: new(tally), every: 20 * time.Millisecond}
	for range 4 {
		old.callers = append(old.callers, overGRPC(conn))
		fresh.callers = append(fresh.callers, overREST(withoutRepeats(neverKept(s.client)), "https://"+d.rest))
	}
	return old, fresh, func() { conn.Close() }, nil
}

// serial is the number of the certificate that a new connection is shown.
func (s *secured) serial(address string) (int64, error) {
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: patience}, "tcp", address, alpn(s.client, "h2", "http/1.1"))
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64(), nil
}

// alpn is a configuration that offers protocols.
func alpn(config *tls.Config, protocols ...string) *tls.Config {
	config = config.Clone()
	config.NextProtos = protocols
	return config
}

// writeFile writes one of a scenario's files and says where.
func (f *fire) writeFile(name string, text []byte) (string, error) {
	name = filepath.Join(f.dir, name)
	return name, os.WriteFile(name, text, 0o600)
}
