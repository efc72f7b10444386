package identity

import "testing"

func BenchmarkAppendAddress(b *testing.B) {
	benchmarks := []struct {
		name string
		kind Kind
		raw  string
	}{
		{"email/ascii", Email, "John.Doe+News@Mail.Example.com"},
		{"email/accent", Email, "josé.garcía@mail.example.com"},
		{"email/idna", Email, "john.doe@mail.bücher.example"},
		{"phone/e164", Phone, "+33612345678"},
		{"phone/brazil", Phone, "+551181234567"},
		{"phone/china", Phone, "+8613812345678"},
		{"phone/spaced", Phone, "+33 6 12 34 56 78"},
		{"phone/national", Phone, "06 12 34 56 78"},
		{"token", Token, "740f4707-bebcf74f-9b7c25d4-8e335894-5f6aa01d-a5ddb387"},
	}
	n, err := NewNormalizer(Options{Region: "FR"})
	if err != nil {
		b.Fatal(err)
	}
	for _, bm := range benchmarks {
		b.Run(bm.name, func(b *testing.B) {
			raw, dst := []byte(bm.raw), make([]byte, 0, 128)
			b.ReportAllocs()
			for b.Loop() {
				if _, status := n.AppendAddress(dst, bm.kind, raw); status != Valid {
					b.Fatalf("%q is %s", bm.raw, status)
				}
			}
			reportRows(b)
		})
	}
}

func BenchmarkAppendProfileID(b *testing.B) {
	n, err := NewNormalizer(Options{})
	if err != nil {
		b.Fatal(err)
	}
	raw, dst := []byte("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"), make([]byte, 0, 128)
	b.ReportAllocs()
	for b.Loop() {
		n.AppendProfileID(dst, raw)
	}
	reportRows(b)
}

func BenchmarkAppendHex(b *testing.B) {
	for _, bm := range []struct{ name, key string }{{"sha256", ""}, {"hmac", "a key of thirty-two bytes or so.."}} {
		b.Run(bm.name, func(b *testing.B) {
			h, text, dst := NewHasher([]byte(bm.key)), []byte("john.doe@mail.example.com"), make([]byte, 0, 128)
			b.ReportAllocs()
			for b.Loop() {
				h.AppendHex(dst, text)
			}
			reportRows(b)
		})
	}
}

func BenchmarkNewNormalizer(b *testing.B) {
	for b.Loop() {
		if _, err := NewNormalizer(Options{Region: "FR"}); err != nil {
			b.Fatal(err)
		}
	}
}

func reportRows(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
