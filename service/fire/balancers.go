package main

import (
	_ "embed"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"text/template"
	"time"

	"github.com/cbcerr/cbcerr/service/machine"
)

// The configurations of the balancers are what production is advised to have.
var (
	//go:embed nginx.conf.tmpl
	nginxLayout string
	//go:embed haproxy.cfg.tmpl
	haproxyLayout string
)

// A balancer is a program between clients and replicas.
type balancer struct {
	GRPC, REST string // where clients reach it
	Dir        string
	Replicas   []endpoint
	*process
}

// An endpoint is where a replica is reached.
type endpoint struct{ GRPC, REST, AdminPort string }

// startNginx starts nginx before replicas.
func (f *fire) startNginx(replicas []*daemon) (*balancer, error) {
	return f.startBalancer("nginx", nginxLayout, replicas, func(file string) []string { return []string{"-p", filepath.Dir(file), "-c", file} })
}

// startHAProxy starts HAProxy before replicas.
func (f *fire) startHAProxy(replicas []*daemon) (*balancer, error) {
	return f.startBalancer("haproxy", haproxyLayout, replicas, func(file string) []string { return []string{"-db", "-f", file} })
}

func (f *fire) startBalancer(program, layout string, replicas []*daemon, args func(file string) []string) (*balancer, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, fmt.Errorf("%s is needed: apt-get install %s: %w", program, program, err)
	}
	own, err := machine.Addresses(2)
	if err != nil {
		return nil, err
	}
	b := &balancer{GRPC: own[0], REST: own[1], Dir: filepath.Join(f.dir, program)}
	for _, d := range replicas {
		_, port, err := net.SplitHostPort(d.admin)
		if err != nil {
			return nil, err
		}
		b.Replicas = append(b.Replicas, endpoint{d.grpc, d.rest, port})
	}
	file, err := b.configure(layout)
	if err != nil {
		return nil, err
	}
	if b.process, err = startProcess(path, args(file), nil, filepath.Join(b.Dir, "log")); err != nil {
		return nil, err
	}
	return b, b.awaitOpen()
}

func (b *balancer) configure(layout string) (name string, err error) {
	if err = os.MkdirAll(b.Dir, 0o755); err != nil {
		return "", err
	}
	parsed, err := template.New("").Parse(layout)
	if err != nil {
		return "", err
	}
	name = filepath.Join(b.Dir, "config")
	file, err := os.Create(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	return name, parsed.Execute(file, b)
}

func (b *balancer) awaitOpen() error {
	for start := time.Now(); time.Since(start) < patience && !b.exited(); time.Sleep(10 * time.Millisecond) {
		if machine.Taken(b.GRPC) && machine.Taken(b.REST) {
			return nil
		}
	}
	log, _ := os.ReadFile(b.log)
	return fmt.Errorf("the balancer does not listen: %s", last(string(log), 500))
}
