import Foundation
import Glibc
import Synchronization
import Wire

/// Does a thousand things at random with a secret window, and with another application's that is none, on a thread of its
/// own.
///
/// `@unchecked Sendable`: once started, the windows are the thread's alone.
final class SecretMover: @unchecked Sendable {
    static let moves = 1_000
    /// Where windows may be, at random; even and odd.
    let places: [(x: Int, y: Int)]

    private let secret: TestWindow
    private let other: TestWindow
    /// Microseconds from one move to the next.
    private let pause: ClosedRange<UInt32>
    private let finished = Atomic(false)
    private var generator = SplitMix64(seed: 11)
    private var menu: UInt?

    init(_ secret: TestWindow, _ other: TestWindow, width: Int, height: Int, pause: ClosedRange<UInt32>) {
        self.secret = secret
        self.other = other
        self.pause = pause
        var generator = SplitMix64(seed: 5)
        places = (0..<24).map { _ in
            (
                Int.random(in: 0...(width - SecretPattern.width), using: &generator),
                Int.random(in: 0...(height - SecretPattern.height), using: &generator)
            )
        }
    }

    var isFinished: Bool { finished.load(ordering: .acquiring) }

    func start() {
        Thread {
            for _ in 0..<Self.moves {
                self.move()
                usleep(UInt32.random(in: self.pause, using: &self.generator))
            }
            self.finished.store(true, ordering: .releasing)
        }.start()
    }

    private func move() {
        let place = places.randomElement(using: &generator)!
        switch Int.random(in: 0..<20, using: &generator) {
        case 0, 1:
            secret.move(
                x: place.x,
                y: place.y,
                width: Int.random(in: 40...SecretPattern.width, using: &generator),
                height: Int.random(in: 30...SecretPattern.height, using: &generator)
            )
        case 2, 3:
            secret.unmap()
            usleep(UInt32.random(in: pause, using: &generator))
            secret.move(x: place.x, y: place.y)
            secret.map()
        case 4: other.move(x: place.x, y: place.y)
        case 5: other.raise()
        case 6: secret.raise()
        case 7, 8:
            if let menu { secret.closeMenu(menu) }
            menu = secret.openMenu(
                x: place.x,
                y: place.y,
                width: SecretPattern.width,
                height: SecretPattern.height
            )
        case 9:
            if let menu { secret.closeMenu(menu) }
            menu = nil
        default: secret.move(x: place.x, y: place.y)
        }
    }
}
