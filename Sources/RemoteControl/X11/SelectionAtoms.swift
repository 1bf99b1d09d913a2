internal import CX11

/// The X server's numbers for what is about the clipboard.
struct SelectionAtoms {
    let clipboard: Atom
    let incremental: Atom
    /// A property that is changed to learn the server's time.
    let time: Atom
    /// Properties for answers.
    let slots: [Atom]
    private let atoms: [SelectionTarget: Atom]
    private let targets: [Atom: SelectionTarget]

    init(_ display: OpaquePointer) {
        clipboard = XInternAtom(display, "CLIPBOARD", 0)
        incremental = XInternAtom(display, "INCR", 0)
        time = XInternAtom(display, "_DESKROOM_TIME", 0)
        slots = (0..<SelectionReader.slots).map { XInternAtom(display, "_DESKROOM_CLIPBOARD_\($0)", 0) }
        let pairs = SelectionTarget.allCases.map { ($0, XInternAtom(display, $0.rawValue, 0)) }
        atoms = Dictionary(uniqueKeysWithValues: pairs)
        targets = Dictionary(uniqueKeysWithValues: pairs.map { ($1, $0) })
    }

    /// All targets are there.
    subscript(target: SelectionTarget) -> Atom { atoms[target] ?? 0 }

    func target(_ atom: Atom) -> SelectionTarget? { targets[atom] }

    func slot(of property: Atom) -> UInt8? { slots.firstIndex(of: property).map { UInt8($0) } }
}
