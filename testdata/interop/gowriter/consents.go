package main

import "github.com/parquet-go/parquet-go"

// consents is the schema of consents.py. The library sorts the fields of a
// group by name, which no reader may mind.
func consents() parquet.Group {
	channel := func() parquet.Node {
		g := answer()
		g["subscriptions"] = mapOf(opt(parquet.Group{
			"val":    text(),
			"type":   text(),
			"topics": list(text()),
			"subscribers": mapOf(opt(parquet.Group{
				"time":   stamp(),
				"source": text(),
			})),
		}))
		return opt(g)
	}
	address := parquet.Group{
		"collect":     val(),
		"share":       val(),
		"personalize": opt(parquet.Group{"content": val()}),
		"adID":        val(),
		"marketing":   opt(parquet.Group{"email": opt(answer()), "push": opt(answer()), "sms": opt(answer()), "whatsApp": opt(answer())}),
	}
	marketing := parquet.Group{"preferred": text()}
	for _, name := range []string{"any", "call", "fax", "commercialEmail", "postalMail"} {
		marketing[name] = opt(answer())
	}
	for _, name := range []string{"email", "sms", "push", "whatsApp"} {
		marketing[name] = channel()
	}
	return parquet.Group{
		"profile_id": text(),
		"identityMap": mapOf(list(opt(parquet.Group{
			"id":                 text(),
			"authenticatedState": text(),
			"primary":            opt(parquet.Leaf(parquet.BooleanType)),
		}))),
		"consents": opt(parquet.Group{
			"collect":     val(),
			"share":       val(),
			"personalize": opt(parquet.Group{"content": val()}),
			"marketing":   opt(marketing),
			"idSpecific":  mapOf(mapOf(opt(address))),
			"metadata":    opt(parquet.Group{"time": stamp()}),
		}),
	}
}

func answer() parquet.Group { return parquet.Group{"val": text(), "time": stamp(), "reason": text()} }
func val() parquet.Node     { return opt(parquet.Group{"val": text()}) }

func opt(node parquet.Node) parquet.Node    { return parquet.Optional(node) }
func text() parquet.Node                    { return opt(parquet.String()) }
func stamp() parquet.Node                   { return opt(parquet.Timestamp(parquet.Microsecond)) }
func list(of parquet.Node) parquet.Node     { return opt(parquet.List(of)) }
func mapOf(value parquet.Node) parquet.Node { return opt(parquet.Map(parquet.String(), value)) }
