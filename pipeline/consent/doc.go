// Package consent holds the consent rules as pure functions over small values:
// no files, no clock, no people.
//
// Read it in this order:
//
//   - [Choice] is one of the eleven values of the XDM "Consents and Preferences"
//     schema, or absent, or invalid, and [Choice.Class] says how rules read it.
//   - [Value] is a choice with the time it took effect. [Restrict] and [Latest]
//     fold two records of one profile into one; both are commutative,
//     associative and idempotent, so no order of files or threads shows.
//   - [Facts] is all that is known of one planned recipient, [Rule] is what the
//     job's policy says for the channel and the country.
//   - [Judge] turns facts and a rule into a [Verdict]: a decision, every
//     [Reason] against contacting, and whether the content may be personalised.
//
// One principle settles every doubt: deny wins, and nothing but a positive
// answer is permission. So the zero [Verdict] is not granted, the zero [Mode]
// is opt-in and the zero [Gate] is opt-in.
//
// The rules follow Adobe Experience Platform's consent schema and Journey
// Optimizer's opt-out handling; a rule marked (ours) is this project's choice
// where those are silent.
package consent
