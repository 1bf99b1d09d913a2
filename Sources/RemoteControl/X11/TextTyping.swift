internal import Wire

/// One text on its way into the X server, key by key.
struct TextTyping {
    let lease: LeaseID
    let sequence: UInt16
    /// Whether it is typed by spare keycodes.
    let isAgain: Bool
    private let keysyms: [Keysym]
    private var position = 0
    private var missing = 0

    init(_ keysyms: [Keysym], again isAgain: Bool, lease: LeaseID, sequence: UInt16) {
        self.isAgain = isAgain
        self.keysyms = keysyms
        self.lease = lease
        self.sequence = sequence
    }

    /// The key that comes next; `nil` when all have been tried.
    var next: Keysym? { position < keysyms.count ? keysyms[position] : nil }

    mutating func advance(typed: Bool) {
        position += 1
        if !typed { missing += 1 }
    }

    /// What the sender is told when all keys have been tried.
    var receipt: TextReceipt { receipt(missing == 0 ? .delivered : .noKey) }

    /// What the sender is told of a text that ends here.
    func receipt(_ outcome: TextReceipt.Outcome) -> TextReceipt {
        TextReceipt(
            lease: lease,
            sequence: sequence,
            outcome: outcome,
            delivered: UInt16(clamping: position - missing)
        )
    }
}
