// Package archtest holds the design together with tests: who may import what, where a clock or chance may be read, how
// long a file may grow. A rule gives its reason, which is what a failing test prints; ARCHITECTURE.md shows the same
// table. Change the rule and the reason together, or the code.
package archtest
