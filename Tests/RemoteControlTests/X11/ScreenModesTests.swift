import CX11
import IO
import RemoteControl
import Testing
import Wire

/// The size of a real X screen.
@Suite(.serialized, .timeLimit(.minutes(1))) struct ScreenModesTests {
    // The server last: Xlib ends a process whose server goes before its connections.
    private let screen: DeskScreen
    private let server: XServer

    init() throws {
        server = try XServer(size: "1600x900x24")
        screen = try DeskScreen(display: server.display)
    }

    private func size(_ width: Int, _ height: Int) throws -> DeskSize {
        try #require(DeskSize(width: width, height: height))
    }

    /// What another client is told, and how many modes the server has.
    private func seen() throws -> (width: Int, height: Int, crtc: (Int, Int), modes: Int) {
        let display = try #require(XOpenDisplay(server.display))
        defer { XCloseDisplay(display) }
        let root = CX11_DefaultRootWindow(display)
        let resources = try #require(XRRGetScreenResourcesCurrent(display, root))
        defer { XRRFreeScreenResources(resources) }
        let crtc = try #require(XRRGetCrtcInfo(display, resources, resources.pointee.crtcs[0]))
        defer { XRRFreeCrtcInfo(crtc) }
        let number = XDefaultScreen(display)
        return (
            Int(XDisplayWidth(display, number)), Int(XDisplayHeight(display, number)),
            (Int(crtc.pointee.width), Int(crtc.pointee.height)), Int(resources.pointee.nmode)
        )
    }

    private func pointer() throws -> (Int, Int) {
        let display = try #require(XOpenDisplay(server.display))
        defer { XCloseDisplay(display) }
        let root = CX11_DefaultRootWindow(display)
        var windows: (Window, Window) = (0, 0)
        var place: (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
        var held: CUnsignedInt = 0
        XQueryPointer(
            display,
            root,
            &windows.0,
            &windows.1,
            &place.0,
            &place.1,
            &place.2,
            &place.3,
            &held
        )
        return (Int(place.0), Int(place.1))
    }

    @Test(arguments: [
        (1_280, 720), (1_366, 768), (720, 900), (1_600, 900), (1_600, 240), (320, 900), (320, 240),
        (1_282, 722),
    ])
    func aSizeIsSetAtOnce(width: Int, height: Int) throws {
        #expect(screen.largest.map { $0 == (1_600, 900) } ?? false)
        #expect(screen.resize(to: try size(width, height)))
        #expect(screen.width == width && screen.height == height)
        let seen = try seen()
        #expect((seen.width, seen.height) == (width, height) && seen.crtc == (width, height))
        // What lies outside of it is moved to its edge at once.
        let event = ControlAction.pointerMove(DeskPoint(x: .max, y: .max))
        screen.inject(ControlEvent(lease: LeaseID(1), clientTime: 0, action: event), now: .now())
        screen.synchronize()
        #expect(try pointer() == (width - 1, height - 1))
    }

    @Test func whatTheServerHasNoRoomForIsRefusedAndNothingChanges() throws {
        #expect(screen.resize(to: try size(800, 600)))
        #expect(!screen.resize(to: try size(1_602, 600)))
        #expect(!screen.resize(to: try size(800, 902)))
        let seen = try seen()
        #expect((seen.width, seen.height) == (800, 600) && seen.crtc == (800, 600))
    }

    @Test func noModeIsLeftBehindAfterTwoHundredChanges() throws {
        #expect(screen.resize(to: try size(800, 600)))
        let before = try seen().modes
        for change in 0..<200 {
            let wanted = try size(320 + change * 37 % 1_280, 240 + change * 53 % 660)
            #expect(screen.resize(to: wanted))
        }
        #expect(try seen().modes == before)
        #expect(screen.resize(to: try size(1_600, 900)))
        #expect(try seen().modes == before - 1, "the server has had this one from the beginning")
    }

    @Test func aScreenIsPreparedBeforeAnybodyUsesIt() throws {
        #expect(DeskScreen.prepare(display: server.display, size: try size(1_024, 768)))
        let seen = try seen()
        #expect((seen.width, seen.height) == (1_024, 768))
        #expect(!DeskScreen.prepare(display: ":65000", size: try size(1_024, 768)))
    }
}
