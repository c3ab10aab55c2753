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

// tokenLine returns the line of a client's token in the file of static tokens.
func tokenLine(client, token string) string {
	return fmt.Sprintf("%s sha256:%x\n", client, sha256.Sum256([]byte(token)))
}

func TestTokens_Static(t *testing.T) {
	t.Parallel()
	var tokens auth.Tokens
	if _, err := tokens.Client("anything"); err == nil {
		t.Error("a token is accepted, want none")
	}
	if err := tokens.SetStatic([]byte("# a comment\n\n" + tokenLine("invoicing", "one") + tokenLine("invoicing", "two") + "  " + tokenLine("shop", "three"))); err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]string{"one": "invoicing", "two": "invoicing", "three": "shop"} {
		if got, err := tokens.Client(token); got != want || err != nil {
			t.Errorf("%s: %s, %v, want %s", token, got, err, want)
		}
	}
	for _, token := range []string{"", "four", "One", "one ", fmt.Sprintf("%x", sha256.Sum256([]byte("one")))} {
		if got, err := tokens.Client(token); err == nil || token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%q is accepted as %q, %v", token, got, err)
		}
	}
}

// An error names the line and never quotes it: it may contain a token.
func TestTokens_InvalidFileKeepsCurrent(t *testing.T) {
	t.Parallel()
	good := tokenLine("a", "x")
	var tokens auth.Tokens
	if err := tokens.SetStatic([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, message string }{
		{"", "no tokens in the file"},
		{"# nothing\n", "no tokens in the file"},
		{good + "b secret\n", "line 2: the digest is not sha256:"},
		{"b sha256:abcd\n", "line 1: the digest is not"},
		{"b sha256:" + strings.Repeat("g", 64), "line 1: the digest is not"},
		{tokenLine("a", ""), "line 1: the digest is that of an empty token"},
		{"secret\n", "line 1: not a client name and a digest"},
		{"a b c\n", "line 1: not a client name and a digest"},
		{good + strings.Replace(good, "a ", "b ", 1), "line 2: the token is that of a"},
		{strings.Repeat("x", 1<<17), "too long"},
	} {
		err := tokens.SetStatic([]byte(c.file))
		if err == nil || !strings.Contains(err.Error(), c.message) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%.40q: %v, want %q", c.file, err, c.message)
		}
	}
	if got, err := tokens.Client("x"); got != "a" {
		t.Errorf("the current token: %q, %v", got, err)
	}
}

var issuer = auth.Issuer{Name: "https://issuer.test", Audience: "cbcerr"}

// claims returns the claims of a valid token.
func claims() jwt.Claims {
	now := time.Now()
	return jwt.Claims{
		Issuer: issuer.Name, Audience: jwt.Audience{"other", issuer.Audience}, Subject: "invoicing",
		Expiry: jwt.NewNumericDate(now.Add(time.Hour)), IssuedAt: jwt.NewNumericDate(now),
	}
}

// sign returns a signed token.
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

func TestTokens_Signed(t *testing.T) {
	t.Parallel()
	key, other := newKey(t), newKey(t)
	var tokens auth.Tokens
	if err := tokens.SetJWKS(keySet(t, jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1", Use: "sig"}), issuer); err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	signChanged := func(change func(*jwt.Claims)) string {
		c := claims()
		change(&c)
		return sign(t, jose.ES256, key, c)
	}
	good := sign(t, jose.ES256, key, claims())
	parts := strings.Split(good, ".")
	for _, c := range []struct{ name, token, message string }{
		{"valid", good, ""},
		{"within the leeway", signChanged(func(c *jwt.Claims) { c.Expiry = jwt.NewNumericDate(time.Now().Add(-5 * time.Second)) }), ""},
		{"expired", signChanged(func(c *jwt.Claims) { c.Expiry = jwt.NewNumericDate(time.Now().Add(-time.Minute)) }), "expired"},
		{"not valid yet", signChanged(func(c *jwt.Claims) { c.NotBefore = jwt.NewNumericDate(time.Now().Add(time.Hour)) }), "not valid yet"},
		{"issued in the future", signChanged(func(c *jwt.Claims) { c.IssuedAt = jwt.NewNumericDate(time.Now().Add(time.Hour)) }), "issued in the future"},
		{"another issuer", signChanged(func(c *jwt.Claims) { c.Issuer = "https://evil.test" }), "wrong issuer"},
		{"another audience", signChanged(func(c *jwt.Claims) { c.Audience = jwt.Audience{"other"} }), "wrong audience"},
		{"no audience", signChanged(func(c *jwt.Claims) { c.Audience = nil }), "wrong audience"},
		{"no expiry", signChanged(func(c *jwt.Claims) { c.Expiry = nil }), "needs an exp"},
		{"no subject", signChanged(func(c *jwt.Claims) { c.Subject = "" }), "and a sub"},
		{"another key", sign(t, jose.ES256, other, claims()), "no known key"},
		{"public key as a secret", sign(t, jose.HS256, public, claims()), "asymmetric algorithm"},
		{"unsigned", "eyJhbGciOiJub25lIn0." + parts[1] + ".", "asymmetric algorithm"},
		{"modified", parts[0] + "." + strings.ToUpper(parts[1]) + "." + parts[2], "no known key"},
		{"dots only", "..", "asymmetric algorithm"},
	} {
		got, err := tokens.Client(c.token)
		if c.message == "" && (err != nil || got != "invoicing") {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
		if c.message != "" && (err == nil || !strings.Contains(err.Error(), c.message) || strings.Contains(err.Error(), "evil")) {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.message)
		}
	}
}

// unknownKeyTypes are keys that an issuer may publish, of types that the server does not support.
const unknownKeyTypes = `{"kty":"OKP","crv":"X25519","kid":"a","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"},
	{"kty":"EC","crv":"secp256k1","kid":"b","x":"AA","y":"AA"}, {"kty":"AKP","alg":"ML-DSA-44","kid":"c","pub":"AA"}`

func TestTokens_JWKSSkipsUnknownKeyTypes(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	known, err := jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1"}.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var tokens auth.Tokens
	if err := tokens.SetJWKS(fmt.Appendf(nil, `{"keys":[%s,%s]}`, unknownKeyTypes, known), issuer); err != nil {
		t.Fatal(err)
	}
	if got, err := tokens.Client(sign(t, jose.ES256, key, claims())); got != "invoicing" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestTokens_InvalidJWKS(t *testing.T) {
	t.Parallel()
	key, other := newKey(t), newKey(t)
	var tokens auth.Tokens
	for _, c := range []struct {
		name    string
		file    []byte
		message string
	}{
		{"not JSON", []byte("{"), "not a JSON Web Key Set"},
		{"no keys", []byte(`{"keys":[]}`), "no verification key in the set"},
		{"encryption key", keySet(t, jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1", Use: "enc"}), "no verification key in the set"},
		{"key without kid", keySet(t, jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1"}, jose.JSONWebKey{Key: &key.PublicKey}), "keys[1]: the key has no kid"},
		{"duplicate kid", keySet(t, jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1"}, jose.JSONWebKey{Key: &other.PublicKey, KeyID: "k1"}), "keys[1]: another key has the same kid"},
		{"truncated key", []byte(`{"keys":[{"kty":"EC","crv":"P-256","kid":"k1","x":"AA"}]}`), "keys[0]: not a JSON Web Key"},
		{"unknown key types", []byte(`{"keys":[` + unknownKeyTypes + `]}`), "no verification key in the set"},
		{"private key", keySet(t, jose.JSONWebKey{Key: key, KeyID: "k1"}), "keys[0]: not a public key"},
		{"symmetric key", keySet(t, jose.JSONWebKey{Key: []byte("secret"), KeyID: "k1"}), "keys[0]: not a public key"},
	} {
		if err := tokens.SetJWKS(c.file, issuer); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: %v, want %q", c.name, err, c.message)
		}
	}
}

func FuzzClient(f *testing.F) {
	var tokens auth.Tokens
	if err := tokens.SetStatic([]byte(tokenLine("a", "x"))); err != nil {
		f.Fatal(err)
	}
	if err := tokens.SetJWKS([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`), issuer); err != nil {
		f.Fatal(err)
	}
	f.Add("x")
	f.Add("eyJhbGciOiJFZERTQSIsImtpZCI6ImsxIn0.e30.AAAA")
	f.Fuzz(func(t *testing.T, token string) {
		if client, err := tokens.Client(token); err == nil && token != "x" {
			t.Errorf("%q is accepted as %q", token, client)
		}
	})
}
