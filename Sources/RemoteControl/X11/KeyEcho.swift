internal import CX11
internal import Wire

/// Follows presses that are asked for on one connection until the server has told of them on another.
///
/// Before each press: ``prepare()``; after it: ``expect(_:_:_:_:now:)``. After ``handle(now:)`` drain ``pollEcho()``.
struct KeyEcho {
    private let connection: DisplayConnection
    private let observer: KeyObserver
    private var presses = ExpectedPresses()

    init(_ connection: DisplayConnection, _ observer: KeyObserver) {
        self.connection = connection
        self.observer = observer
    }

    /// When ``handle(now:)`` is next due.
    var due: Instant? { presses.due }

    /// What others have pressed before is not what is pressed now.
    func prepare() {
        guard presses.due == nil else { return }
        observer.catchUp()
        _ = observer.pollPresses()
    }

    /// Notes what the server is to tell of; of a key that was down already there is nothing to tell.
    mutating func expect(
        _ outcome: KeyboardInjector.Outcome,
        _ kind: TypingEcho.Kind,
        _ lease: LeaseID,
        _ sequence: UInt16,
        now: Instant
    ) {
        let keycode: UInt8?
        switch outcome {
        case .pressed(let code?): keycode = code
        case .impossible: keycode = nil
        case .pressed(nil), .wait: return
        }
        presses.expect(.init(kind, lease: lease, sequence: sequence, keycode: keycode), now: now)
    }

    /// Takes in what the server has told of, and judges when it is time to.
    mutating func handle(now: Instant) {
        let isDue = presses.isFull || presses.due.map { $0 <= now } == true
        if isDue {
            XSync(connection.display, 0)
            observer.catchUp()
        } else {
            observer.handleEvents()
        }
        for press in observer.pollPresses() { presses.handle(keycode: press.keycode, keysym: press.keysym) }
        if isDue { presses.judge() }
    }

    /// What is to be told, oldest first.
    mutating func pollEcho() -> TypingEcho? { presses.pollEcho() }
}
