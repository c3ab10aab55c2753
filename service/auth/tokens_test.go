package auth_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/auth"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

func line(client, token string) string {
	return fmt.Sprintf("%s sha256:%x\n", client, sha256.Sum256([]byte(token)))
}

func TestStaticTokens(t *testing.T) {
	t.Parallel()
	var tokens auth.Tokens
	if _, err := tokens.Client("anything"); err == nil {
		t.Error("no tokens are known, and one is taken")
	}
	if err := tokens.UseStatic([]byte("# a comment\n\n" + line("invoicing", "one") + line("invoicing", "two") + "  " + line("shop", "three"))); err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]string{"one": "invoicing", "two": "invoicing", "three": "shop"} {
		if got, err := tokens.Client(token); got != want || err != nil {
			t.Errorf("%s: %s, %v, want %s", token, got, err, want)
		}
	}
	for _, token := range []string{"", "four", "One", "one ", fmt.Sprintf("%x", sha256.Sum256([]byte("one")))} {
		if got, err := tokens.Client(token); err == nil || token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%q is taken for %q, %v", token, got, err)
		}
	}
}

// A faulty file is refused whole, by the number of its line, and never quoted: it may hold a token.
func TestFaultyFilesOfTokens(t *testing.T) {
	t.Parallel()
	good := line("a", "x")
	var tokens auth.Tokens
	if err := tokens.UseStatic([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, says string }{
		{"", "no token in it"},
		{"# nothing\n", "no token in it"},
		{good + "b secret\n", "line 2: the digest is not sha256:"},
		{"b sha256:abcd\n", "line 1: the digest is not"},
		{"b sha256:" + strings.Repeat("g", 64), "line 1: the digest is not"},
		{line("a", ""), "line 1: the digest is that of no token"},
		{"secret\n", "line 1: not a client and a digest"},
		{"a b c\n", "line 1: not a client and a digest"},
		{good + strings.Replace(good, "a ", "b ", 1), "line 2: the same token as that of a"},
		{strings.Repeat("x", 1<<17), "too long"},
	} {
		err := tokens.UseStatic([]byte(c.file))
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%.40q: %v, want %q", c.file, err, c.says)
		}
	}
	if got, err := tokens.Client("x"); got != "a" {
		t.Errorf("the token of before: %q, %v", got, err)
	}
}

var issuer = auth.Issuer{Name: "https://issuer.test", Audience: "cbcerr"}

// claims are those of a good token.
func claims() jwt.Claims {
	now := time.Now()
	return jwt.Claims{
		Issuer: issuer.Name, Audience: jwt.Audience{"other", issuer.Audience}, Subject: "invoicing",
		Expiry: jwt.NewNumericDate(now.Add(time.Hour)), IssuedAt: jwt.NewNumericDate(now),
	}
}

// sign makes a token.
func sign(t *testing.T, algorithm jose.SignatureAlgorithm, key any, c jwt.Claims) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: "k1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(c).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func keySet(t *testing.T, keys ...jose.JSONWebKey) []byte {
	t.Helper()
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestSignedTokens(t *testing.T) {
	t.Parallel()
	key, other := newKey(t), newKey(t)
	var tokens auth.Tokens
	if err := tokens.UseSigned(keySet(t, jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1", Use: "sig"}), issuer); err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	change := func(do func(*jwt.Claims)) string {
		c := claims()
		do(&c)
		return sign(t, jose.ES256, key, c)
	}
	good := sign(t, jose.ES256, key, claims())
	parts := strings.Split(good, ".")
	for _, c := range []struct{ name, token, says string }{
		{"good", good, ""},
		{"within the leeway", change(func(c *jwt.Claims) { c.Expiry = jwt.NewNumericDate(time.Now().Add(-5 * time.Second)) }), ""},
		{"expired", change(func(c *jwt.Claims) { c.Expiry = jwt.NewNumericDate(time.Now().Add(-time.Minute)) }), "it has expired"},
		{"not valid yet", change(func(c *jwt.Claims) { c.NotBefore = jwt.NewNumericDate(time.Now().Add(time.Hour)) }), "it is not valid yet"},
		{"issued in the future", change(func(c *jwt.Claims) { c.IssuedAt = jwt.NewNumericDate(time.Now().Add(time.Hour)) }), "issued in the future"},
		{"another issuer", change(func(c *jwt.Claims) { c.Issuer = "https://evil.test" }), "its issuer is another"},
		{"another audience", change(func(c *jwt.Claims) { c.Audience = jwt.Audience{"other"} }), "its audience is another"},
		{"no audience", change(func(c *jwt.Claims) { c.Audience = nil }), "its audience is another"},
		{"for ever", change(func(c *jwt.Claims) { c.Expiry = nil }), "needs an exp"},
		{"nobody", change(func(c *jwt.Claims) { c.Subject = "" }), "and a sub"},
		{"another key", sign(t, jose.ES256, other, claims()), "no key in use"},
		{"public key as a secret", sign(t, jose.HS256, public, claims()), "public key's algorithm"},
		{"unsigned", "eyJhbGciOiJub25lIn0." + parts[1] + ".", "public key's algorithm"},
		{"changed", parts[0] + "." + strings.ToUpper(parts[1]) + "." + parts[2], "no key in use"},
		{"dots only", "..", "public key's algorithm"},
	} {
		got, err := tokens.Client(c.token)
		if c.says == "" && (err != nil || got != "invoicing") {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "evil")) {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.says)
		}
	}
}

// unknownKinds are keys that an issuer may publish beside those that are known here.
const unknownKinds = `{"kty":"OKP","crv":"X25519","kid":"a","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"},
	{"kty":"EC","crv":"secp256k1","kid":"b","x":"AA","y":"AA"}, {"kty":"AKP","alg":"ML-DSA-44","kid":"c","pub":"AA"}`

// What an issuer has besides costs nobody the keys that are known.
func TestKeysOfUnknownKindsArePassedOver(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	known, err := jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1"}.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var tokens auth.Tokens
	if err := tokens.UseSigned(fmt.Appendf(nil, `{"keys":[%s,%s]}`, unknownKinds, known), issuer); err != nil {
		t.Fatal(err)
	}
	if got, err := tokens.Client(sign(t, jose.ES256, key, claims())); got != "invoicing" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestFaultyKeySets(t *testing.T) {
	t.Parallel()
	key, other := newKey(t), newKey(t)
	var tokens auth.Tokens
	for _, c := range []struct {
		name string
		file []byte
		says string
	}{
		{"no JSON", []byte("{"), "no JSON Web Key Set"},
		{"no keys", []byte(`{"keys":[]}`), "no key to verify with in it"},
		{"a key to encrypt with", keySet(t, jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1", Use: "enc"}), "no key to verify with in it"},
		{"a key without a name", keySet(t, jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1"}, jose.JSONWebKey{Key: &key.PublicKey}), "keys[1]: it has no kid"},
		{"two keys of one name", keySet(t, jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1"}, jose.JSONWebKey{Key: &other.PublicKey, KeyID: "k1"}), "keys[1]: another key has the same kid"},
		{"a key that is cut off", []byte(`{"keys":[{"kty":"EC","crv":"P-256","kid":"k1","x":"AA"}]}`), "keys[0]: no JSON Web Key"},
		{"keys of unknown kinds", []byte(`{"keys":[` + unknownKinds + `]}`), "no key to verify with in it"},
		{"a private key", keySet(t, jose.JSONWebKey{Key: key, KeyID: "k1"}), "keys[0]: not a public key"},
		{"a secret", keySet(t, jose.JSONWebKey{Key: []byte("secret"), KeyID: "k1"}), "keys[0]: not a public key"},
	} {
		if err := tokens.UseSigned(c.file, issuer); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}

func FuzzClient(f *testing.F) {
	var tokens auth.Tokens
	if err := tokens.UseStatic([]byte(line("a", "x"))); err != nil {
		f.Fatal(err)
	}
	if err := tokens.UseSigned([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`), issuer); err != nil {
		f.Fatal(err)
	}
	f.Add("x")
	f.Add("eyJhbGciOiJFZERTQSIsImtpZCI6ImsxIn0.e30.AAAA")
	f.Fuzz(func(t *testing.T, token string) {
		if client, err := tokens.Client(token); err == nil && token != "x" {
			t.Errorf("%q is taken for %q", token, client)
		}
	})
}
