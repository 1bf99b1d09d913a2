internal import RemoteControl

/// Who waits to hear whether the desk takes in what it is sent.
///
/// The desk says so by reaching a mark; these are numbered apart from those of ``DeskHold``.
struct DeskQuestions {
    private var last: UInt32 = 0
    private var open: [DeskMark: CheckedContinuation<Bool, Never>] = [:]

    mutating func add(_ waiter: CheckedContinuation<Bool, Never>) -> DeskMark {
        last &+= 1
        // The others count from 1 on, one a second at most: they do not come here in 60 years.
        let mark = DeskMark(last | 1 << 31)
        open[mark] = waiter
        return mark
    }

    mutating func handleReached(_ mark: DeskMark) {
        open.removeValue(forKey: mark)?.resume(returning: true)
    }

    /// Nobody answers this one.
    mutating func refuse(_ mark: DeskMark) {
        open.removeValue(forKey: mark)?.resume(returning: false)
    }

    /// The desk is gone.
    mutating func refuseAll() {
        for waiter in open.values { waiter.resume(returning: false) }
        open.removeAll()
    }
}
