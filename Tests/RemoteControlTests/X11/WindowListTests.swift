import CX11
import RemoteControl
import Testing

/// What people read when they choose a window to hide.
@Suite(.serialized, .timeLimit(.minutes(1))) struct WindowListTests {
    private let screen: DeskScreen
    private let server: XServer

    init() throws {
        server = try XServer()
        screen = try DeskScreen(display: server.display)
    }

    @Test func titlesAreReadInTheEncodingInWhichTheyAreWritten() throws {
        let client = try #require(XOpenDisplay(server.display))
        defer { XCloseDisplay(client) }
        func window(_ properties: (name: String, type: String, bytes: [UInt8])...) -> UInt32 {
            let window = XCreateSimpleWindow(client, XDefaultRootWindow(client), 0, 0, 50, 50, 0, 0, 0)
            for (name, type, bytes) in properties {
                XChangeProperty(
                    client,
                    window,
                    XInternAtom(client, name, 0),
                    XInternAtom(client, type, 0),
                    8,
                    PropModeReplace,
                    bytes,
                    CInt(bytes.count)
                )
            }
            XMapWindow(client, window)
            return UInt32(window)
        }
        let latin: [UInt8] = [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]
        let expected = [
            window(("WM_NAME", "STRING", latin)): "Müller",
            window(("WM_NAME", "UTF8_STRING", Array("日記".utf8))): "日記",
            // ISO 2022: Latin-1 on the right, as Xlib writes it.
            window(("WM_NAME", "COMPOUND_TEXT", [0x1b, 0x2d, 0x41] + latin)): "Müller",
            window(("WM_NAME", "STRING", latin), ("_NET_WM_NAME", "UTF8_STRING", Array("Łódź".utf8))): "Łódź",
        ]
        // Without a title there is nothing to choose it by.
        _ = window()
        XSync(client, 0)
        #expect(Dictionary(uniqueKeysWithValues: screen.windows.map { ($0.id, $0.title) }) == expected)
    }
}
