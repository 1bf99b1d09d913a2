import Foundation
import Glibc
import GstBridge
import Synchronization
import Testing
import Wire

/// What is hidden is not in the picture that clients get, whatever is done with it.
@Suite(.serialized, .enabled(if: Child.isInstalled("Xvfb"))) struct CoverTests {
    /// Only the secret has a colour.
    private func coloured(_ frame: I420Frame) -> Int {
        var count = 0
        for y in stride(from: 0, to: frame.height, by: 4) {
            for x in stride(from: 0, to: frame.width, by: 4) {
                let sample = frame.sample(x: x, y: y)
                if abs(Int(sample.u) - 128) > 8 || abs(Int(sample.v) - 128) > 8 { count += 1 }
            }
        }
        return count
    }

    private func captureAll(_ capture: DesktopCapture) {
        _ = capture.handleEvents()
        capture.capture()
    }

    @Test func aRectangleIsHiddenAndTheRestIsNot() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        captureAll(capture)
        #expect(capture.coveredFrame === capture.frame, "without a cover it costs nothing")
        #expect(
            capture.setCover(Cover(number: 1, rectangles: [PixelRect(x: 101, y: 51, width: 80, height: 60)]))
        )
        screen.fill(0xffffff, x: 0, y: 0, width: 320, height: 240)
        captureAll(capture)
        let hidden = (I420Frame.blankLuma, UInt8(128), UInt8(128))
        #expect(isNear(capture.frame.sample(x: 140, y: 80), (235, 128, 128)))
        for (x, y) in [(101, 51), (180, 110), (140, 80)] {
            #expect(isNear(capture.coveredFrame.sample(x: x, y: y), hidden), "\(x), \(y)")
        }
        for (x, y) in [(98, 80), (183, 80), (140, 48), (140, 113)] {
            #expect(isNear(capture.coveredFrame.sample(x: x, y: y), (235, 128, 128)), "\(x), \(y)")
        }

        // That something happens there is not to be seen either.
        let before = capture.picture(isClear: false).serial
        screen.fill(0, x: 120, y: 70, width: 10, height: 10)
        captureAll(capture)
        #expect(capture.picture(isClear: false).serial == before)
        screen.fill(0, x: 10, y: 10, width: 10, height: 10)
        captureAll(capture)
        #expect(capture.picture(isClear: false).serial == before + 1)

        #expect(!capture.setCover(Cover(number: 0)), "an older cover is not taken")
        #expect(capture.setCover(Cover(number: 2)))
        #expect(capture.coveredFrame === capture.frame)
    }

    @Test func theCurtainHidesEverythingAndTellsNothing() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 20, y: 20))
        captureAll(capture)
        #expect(coloured(capture.coveredFrame) > 100)
        #expect(capture.setCover(Cover(number: 1, hidesAll: true)))
        let before = capture.picture(isClear: false).serial
        for step in 0..<20 {
            window.move(x: 5 * step, y: 3 * step)
            captureAll(capture)
            #expect(coloured(capture.coveredFrame) == 0)
        }
        #expect(capture.picture(isClear: false).serial == before)
        #expect(coloured(capture.frame) > 100)
    }

    /// The window moves all the time, on a thread of its own: there is no moment at which its place and its pixels are
    /// not of one another.
    @Test func aWindowIsHiddenInEveryOfAThousandMoves() throws {
        let screen = try #require(TestDisplay(width: 640, height: 480))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 20, y: 20))
        captureAll(capture)
        #expect(capture.setCover(Cover(number: 1, windows: [window.id])))
        let mover = Mover(window)
        mover.start()
        var (leaks, clear, pictures) = (0, 0, 0)
        while !mover.isFinished || pictures < 50 {
            captureAll(capture)
            if coloured(capture.coveredFrame) > 0 { leaks += 1 }
            if coloured(capture.frame) > 0 { clear += 1 }
            pictures += 1
        }
        #expect(leaks == 0, "of \(pictures)")
        #expect(clear == pictures)
    }

    @Test func anIconifiedWindowIsHiddenWhenItComesBack() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 20, y: 20))
        screen.fill(0xffffff, x: 0, y: 0, width: 320, height: 240)
        captureAll(capture)
        #expect(capture.setCover(Cover(number: 1, windows: [window.id])))
        for step in 0..<5 {
            window.unmap()
            captureAll(capture)
            #expect(coloured(capture.coveredFrame) == 0)
            window.move(x: 40 * step, y: 30 * step)
            window.map()
            captureAll(capture)
            #expect(coloured(capture.coveredFrame) == 0)
            #expect(coloured(capture.frame) > 100)
        }
        #expect(capture.takeLostWindows().isEmpty)
    }

    /// Its title is hidden with it, and it stays hidden when its frame comes, moves and is another one.
    @Test func aWindowIsHiddenWithTheFrameThatAWindowManagerGivesIt() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 20, y: 20))
        let manager = try #require(TestWindow(on: screen, isMapped: false))
        captureAll(capture)
        #expect(capture.setCover(Cover(number: 1, windows: [window.id])))
        for step in 0..<3 {
            TestWindow.frame(window, by: manager, x: 60 * step, y: 50 * step, title: 20)
            captureAll(capture)
            // The frames before are empty, and nobody's: only the newest one is the window's.
            let frame = capture.coveredFrame
            for (x, y) in [(60 * step + 4, 50 * step + 4), (60 * step + 90, 50 * step + 80)] {
                #expect(
                    isNear(frame.sample(x: x, y: y), (I420Frame.blankLuma, 128, 128)),
                    "\(step): \(x), \(y)"
                )
            }
        }
    }

    @Test func menusOfTheApplicationAreHiddenAndOthersAreNot() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 20, y: 20))
        let other = try #require(TestWindow(on: screen, isMapped: false))
        captureAll(capture)
        #expect(capture.setCover(Cover(number: 1, windows: [window.id])))
        window.openMenu(x: 200, y: 20, width: 64, height: 64)
        captureAll(capture)
        #expect(coloured(capture.coveredFrame) == 0)
        other.openMenu(x: 200, y: 150, width: 64, height: 64)
        captureAll(capture)
        #expect(coloured(capture.coveredFrame) > 100)
    }

    /// As an application's process for graphics does, inside of its menus.
    @Test func aMenuIsHiddenThatAnotherProgramDrawsAPartOf() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 20, y: 20))
        let other = try #require(TestWindow(on: screen, isMapped: false))
        captureAll(capture)
        #expect(capture.setCover(Cover(number: 1, windows: [window.id])))
        let menu = window.openMenu(x: 200, y: 20, width: 64, height: 64, embedder: other)
        captureAll(capture)
        #expect(coloured(capture.coveredFrame) == 0)
        #expect(coloured(capture.frame) > 100)

        // A menu that is still there when the window is gone.
        window.destroy()
        captureAll(capture)
        #expect(coloured(capture.coveredFrame) == 0)
        window.closeMenu(menu)
    }

    /// As portals do, for files or a password.
    @Test func aDialogueOfAnotherApplicationThatBelongsToTheWindowIsHidden() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 20, y: 20))
        let dialogue = try #require(TestWindow(on: screen, x: 180, y: 140, isMapped: false))
        captureAll(capture)
        #expect(capture.setCover(Cover(number: 1, windows: [window.id])))
        dialogue.belong(to: window)
        dialogue.map()
        captureAll(capture)
        #expect(coloured(capture.coveredFrame) == 0)
        #expect(coloured(capture.frame) > 400)
    }

    @Test func whatProgramsSayOfAWindowIsNotBelieved() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 20, y: 20))
        let other = try #require(TestWindow(on: screen, isMapped: false))
        captureAll(capture)
        #expect(capture.setCover(Cover(number: 1, windows: [window.id])))
        other.pretendUnmapped(window)
        screen.fill(0xffffff, x: 300, y: 200, width: 4, height: 4)
        captureAll(capture)
        #expect(coloured(capture.coveredFrame) == 0)
        #expect(coloured(capture.frame) > 100)
    }

    /// It shows a window that has moved when it likes.
    @Test func underACompositingManagerEverythingIsHidden() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 20, y: 20))
        let manager = try #require(TestWindow(on: screen, isMapped: false))
        screen.fill(0xffffff, x: 0, y: 0, width: 320, height: 240)
        captureAll(capture)
        #expect(capture.setCover(Cover(number: 1, windows: [window.id])))
        #expect(isNear(capture.coveredFrame.sample(x: 300, y: 200), (235, 128, 128)))
        manager.composite()
        screen.fill(0, x: 310, y: 230, width: 4, height: 4)
        captureAll(capture)
        #expect(isNear(capture.coveredFrame.sample(x: 300, y: 200), (I420Frame.blankLuma, 128, 128)))
    }

    @Test func theLastPlaceOfAWindowThatIsGoneStaysHidden() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 20, y: 20))
        captureAll(capture)
        #expect(capture.setCover(Cover(number: 1, windows: [window.id])))
        window.move(x: 100, y: 100)
        captureAll(capture)
        window.destroy()
        screen.fill(0xffffff, x: 0, y: 0, width: 320, height: 240)
        captureAll(capture)
        #expect(capture.takeLostWindows() == [window.id])
        #expect(capture.takeLostWindows().isEmpty)
        #expect(isNear(capture.coveredFrame.sample(x: 150, y: 130), (I420Frame.blankLuma, 128, 128)))
        #expect(isNear(capture.coveredFrame.sample(x: 30, y: 30), (235, 128, 128)))

        // Also if somebody asks for it once more.
        #expect(capture.setCover(Cover(number: 2, windows: [window.id])))
        #expect(isNear(capture.coveredFrame.sample(x: 150, y: 130), (I420Frame.blankLuma, 128, 128)))
    }

    /// Nobody knows what it was, or where.
    @Test func forAWindowThatWasNeverThereEverythingIsHidden() throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        captureAll(capture)
        #expect(capture.setCover(Cover(number: 1, windows: [0x60_0001])))
        #expect(capture.takeLostWindows() == [0x60_0001])
        screen.fill(0xffffff, x: 0, y: 0, width: 320, height: 240)
        captureAll(capture)
        #expect(isNear(capture.coveredFrame.sample(x: 300, y: 200), (I420Frame.blankLuma, 128, 128)))
    }
}

/// Moves a window a thousand times, as fast as the server takes it, always to the same places.
///
/// `@unchecked Sendable`: once started, the window is the thread's alone.
private final class Mover: @unchecked Sendable {
    private let window: TestWindow
    private let finished = Atomic(false)

    init(_ window: TestWindow) { self.window = window }

    var isFinished: Bool { finished.load(ordering: .acquiring) }

    func start() {
        Thread {
            self.move()
            self.finished.store(true, ordering: .releasing)
        }.start()
    }

    private func move() {
        var generator = SplitMix64(seed: 7)
        for move in 0..<1_000 {
            let isResized = move % 10 == 0
            window.move(
                x: Int.random(in: 0..<540, using: &generator),
                y: Int.random(in: 0..<410, using: &generator),
                width: isResized ? Int.random(in: 40...96, using: &generator) : nil,
                height: isResized ? Int.random(in: 30...64, using: &generator) : nil
            )
            usleep(500)
        }
    }
}
