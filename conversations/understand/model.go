package understand

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
)

// learnedFile is the model as go generate writes it.
//
//go:generate go test . -run TestLearnedModel -learn
//go:embed model.bin
var learnedFile string

const learnedMagic = "timonel reader 1\n"

// numLearnable is how many intents the model weighs.
const numLearnable = 44

// learnable are the intents that the model knows, in the order of its weights; the first stands for wanting no change.
var learnable = [numLearnable]Intent{
	None, Add, Move, Done, Start, Progress, Block, Unblock, Reopen, Cancel, Rename, Assign, Depend, Undepend, Note, Accept, Reject, Document,
	Risk, Issue, Decision, Action, CloseEntry, ScopeChange, RuleChange, Meeting, Vote, Minutes, CloseMeeting, CancelMeeting, DigestSchedule,
	Snooze, Unmute, SetRole, Support, SetWarranty, InvoicePaid, InvoiceAdd, SetLanguage, PauseProject, ResumeProject, CloseProject, Undo, CreateProject,
}

// modelBits is how many bits of a clue's hash pick its weights.
const modelBits = 14

// linear holds the weights of the model: for each bucket of clues one weight an intent, each a signed byte.
type linear struct {
	weights string // bucket by bucket, numLearnable bytes each
	bias    odds
	scale   float64
	acting  weighed // the calibration of a reading that acts
	wish    weighed // and of a wish that the rules did not find
}

// weigh returns the model's log odds that the message wants each of the learnable intents.
func (l *linear) weigh(hashes []uint32) odds {
	var sums [numLearnable]int32
	for _, h := range hashes {
		at := int(h&(1<<modelBits-1)) * numLearnable
		row := l.weights[at : at+numLearnable]
		for k := range sums {
			sums[k] += int32(int8(row[k]))
		}
	}
	z := l.bias
	for k := range sums {
		z[k] += float64(float64(sums[k]) * l.scale)
	}
	return z
}

// numbers are the parts of the model that are no bytes, in the order of the file.
func (l *linear) numbers() []*float64 {
	out := []*float64{&l.scale}
	for i := range l.bias {
		out = append(out, &l.bias[i])
	}
	for i := range l.acting {
		out = append(out, &l.acting[i])
	}
	for i := range l.wish {
		out = append(out, &l.wish[i])
	}
	return out
}

// bytes is the model as a file.
func (l *linear) bytes() []byte {
	out := []byte(learnedMagic)
	for _, v := range l.numbers() {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(*v))
	}
	return append(out, l.weights...)
}

// readLinear reads the model from its file; the weights stay where they are.
func readLinear(file string) (*linear, error) {
	l := &linear{}
	numbers := l.numbers()
	if want := len(learnedMagic) + 8*len(numbers) + numLearnable<<modelBits; len(file) != want || file[:len(learnedMagic)] != learnedMagic {
		return nil, fmt.Errorf("read the learned model: %d bytes, want %d of %q (go generate ./conversations/understand)", len(file), want, learnedMagic)
	}
	file = file[len(learnedMagic):]
	for i, v := range numbers {
		*v = math.Float64frombits(binary.LittleEndian.Uint64([]byte(file[8*i : 8*i+8])))
	}
	l.weights = file[8*len(numbers):]
	return l, nil
}
