package consent

// A Refusal is the answer of one rule against contacting.
type Refusal struct {
	Reason   Reason
	Level    Level // of the fact that the rule read
	Bypassed bool  // the message is not marketing, and the reason does not bind it
}

// Explain is Judge that also tells of every refusal, in the order in which the
// rules are asked. A reason comes once for each level that gives it.
func Explain(f *Facts, r Rule) (v Verdict, told []Refusal) {
	j := judgement{facts: f, rule: &r, told: &told}
	v = j.judge()
	return v, told
}

func (j *judgement) tell(r Reason, l Level, bypassed bool) {
	if j.told != nil {
		*j.told = append(*j.told, Refusal{r, l, bypassed})
	}
}
