package measure

// A Goal is a figure of a line and the most it may be.
type Goal struct {
	Figure Figure
	Most   float64
}

// A Figure says what to make of the medians of a line's two sides.
type Figure string

// The figures.
const (
	WallRatio         Figure = "wall"                    // of the other side's
	PeakRatio         Figure = "peak memory"             // of the other side's
	PeakMB            Figure = "MB of peak memory"       // absolute
	WallPerRecord     Figure = "wall per record"         // of the other side's
	WallPerRecipient  Figure = "wall per more recipient" // of what a recipient costs the other side
	BytesPerRecipient Figure = "bytes per more recipient"
	WallBeyond        Figure = "wall beyond that without, of the other side's"
	BytesBeyond       Figure = "bytes a recipient beyond that without"
)

// Medians are those of the sides of a line.
type Medians struct{ Subject, Reference, Without Sample }

// Value computes a figure from the medians of a line's sides.
func (f Figure) Value(l Line, m Medians) float64 {
	subject, reference := m.Subject, m.Reference
	wall := subject.Wall.Seconds() / reference.Wall.Seconds()
	more := float64(l.Subject.planned()) - float64(l.Reference.planned())
	switch f {
	case WallRatio:
		return wall
	case PeakRatio:
		return float64(subject.Peak) / float64(reference.Peak)
	case PeakMB:
		return float64(subject.Peak) / 1e6
	case WallPerRecord:
		return wall * float64(l.Reference.Snapshot.Profiles) / float64(l.Subject.Snapshot.Profiles)
	case WallPerRecipient:
		return (wall - 1) * float64(l.Reference.planned()) / more
	case BytesPerRecipient:
		return float64(subject.Peak-reference.Peak) / more
	case WallBeyond:
		return (subject.Wall - m.Without.Wall).Seconds() / reference.Wall.Seconds()
	case BytesBeyond:
		return float64(subject.Peak-m.Without.Peak) / float64(l.Subject.planned())
	}
	return 0
}
