import Access
import Appliance
import Foundation
import RemoteControl
import Testing

@Suite struct ConfigurationTests {
    @Test func withoutAnySettingTheDefaultsHold() async throws {
        let configuration = try await Configuration.load(flags: [:], file: nil, environment: [:])
        #expect(configuration == Configuration())
        #expect(configuration.isLocal)
        #expect(!configuration.usesTLS)
    }

    @Test func everyKeyIsReadFromItsVariable() async throws {
        let configuration = try await Configuration.load(
            flags: [:],
            file: nil,
            environment: [
                "DESKROOM_HTTP_HOST": "0.0.0.0",
                "DESKROOM_HTTP_PORT": "8443",
                "DESKROOM_HTTP_ORIGINS": "https://one.example, https://two.example",
                "DESKROOM_TLS_CERTIFICATE": "/etc/chain.pem",
                "DESKROOM_TLS_KEY": "/etc/key.pem",
                "DESKROOM_TLS_NAMES": "desk.example",
                "DESKROOM_MEDIA_PORT": "0",
                "DESKROOM_MEDIA_ADDRESSES": "192.0.2.1,2001:db8::1",
                "DESKROOM_DESK_WIDTH": "1280",
                "DESKROOM_DESK_HEIGHT": "720",
                "DESKROOM_DESK_DISPLAY": ":7",
                "DESKROOM_SCREEN_LARGEST": "1920x1200",
                "DESKROOM_SCREEN_SIZES": "800x600  1024x768",
                "DESKROOM_DESK_SOUND": "unix:/run/pulse/native",
                "DESKROOM_DESK_SOUND_SOURCE": "speaker.monitor",
                "DESKROOM_DESK_FPS": "60",
                "DESKROOM_DESK_CAPTURE": "ximagesrc",
                "DESKROOM_DESK_BITRATE": "2500000",
                "DESKROOM_DESK_AUDIO_BITRATE": "64000",
                "DESKROOM_CAMERA_CODEC": "av1",
                "DESKROOM_MICROPHONE_REDUNDANCY": "on",
                "DESKROOM_DESK_WM": "",
                "DESKROOM_DESK_APPS": "xterm -e top; xclock",
                "DESKROOM_RUNTIME_DIR": "/run/deskroom",
                "DESKROOM_SESSION_PEOPLE": "8",
                "DESKROOM_SESSION_SHARING": "4",
                "DESKROOM_CONTROL_IDLE": "0",
                "DESKROOM_HTTP_HOSTS": "desk.lan",
                "DESKROOM_PAGE_ORIGINS": "https://clinic.example, http://localhost:3000",
                "DESKROOM_HTTP_PROXIES": "10.0.0.0/8, ::1",
                "DESKROOM_LOG_LEVEL": "debug",
                "DESKROOM_ROOM_NAME": "room-1",
                "DESKROOM_ACCESS_SECRET": "0123456789abcdef0123456789abcdef",
                "DESKROOM_ACCESS_KEY_FILE": "/etc/keys.json",
                "DESKROOM_RIGHTS_CLIENT": "-keyboard",
            ]
        )
        var expected = Configuration()
        expected.host = "0.0.0.0"
        expected.port = 8443
        expected.origins = ["https://one.example", "https://two.example"]
        expected.certificatePath = "/etc/chain.pem"
        expected.keyPath = "/etc/key.pem"
        expected.certificateNames = ["desk.example"]
        expected.mediaPort = 0
        expected.announcedAddresses = ["192.0.2.1", "2001:db8::1"]
        expected.width = 1280
        expected.height = 720
        expected.display = ":7"
        expected.screen.largest = try #require(DeskSize(parsing: "1920x1200"))
        expected.screen.sizes = try ["800x600", "1024x768"].map { try #require(DeskSize(parsing: $0)) }
        expected.sound = "unix:/run/pulse/native"
        expected.soundSource = "speaker.monitor"
        // Whether somebody else's server has such a sink only they can say.
        expected.peopleSink = nil
        expected.framesPerSecond = 60
        expected.capture = .ximagesrc
        expected.videoBitrate = 2_500_000
        expected.audioBitrate = 64_000
        expected.cameraCodec = .av1
        expected.repeatsMicrophones = true
        expected.windowManager = ""
        expected.apps = ["xterm -e top", "xclock"]
        expected.runtimeDirectory = "/run/deskroom"
        expected.maximumPeople = 8
        expected.sharing = 4
        expected.controlIdle = 0
        expected.hosts = ["desk.lan"]
        expected.allowedOrigins = try AllowedOrigins(["https://clinic.example", "http://localhost:3000"])
        expected.trustedProxies = try #require(TrustedProxies(["10.0.0.0/8", "::1"]))
        expected.logLevel = "debug"
        expected.access.room = try #require(Identifier("room-1"))
        expected.access.secret = "0123456789abcdef0123456789abcdef"
        expected.access.keyFile = "/etc/keys.json"
        try expected.access.rights.set(.client, from: "-keyboard")
        #expect(configuration == expected)
        #expect(configuration.usesTLS)
    }

    @Test(arguments: [(50, 0, 25), (20, 0, 16), (8, 0, 8), (50, 40, 40), (8, 40, 8), (500, 0, 250)])
    func oneAddressBringsHalfOfThePeopleUnlessItIsSaidOtherwise(people: Int, sharing: Int, most: Int) {
        var configuration = Configuration()
        configuration.maximumPeople = people
        configuration.sharing = sharing
        #expect(configuration.maximumSharing == most)
    }

    @Test func aFlagWinsOverTheEnvironmentAndTheEnvironmentOverTheFile() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).conf")
        try Data(
            """
            # A room.
            DESKROOM_HTTP_PORT=1001
            DESKROOM_DESK_WIDTH=1600
            DESKROOM_DESK_HEIGHT=900

            """.utf8
        ).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let configuration = try await Configuration.load(
            flags: ["http.port": "1003"],
            file: file.path,
            environment: ["DESKROOM_HTTP_PORT": "1002", "DESKROOM_DESK_WIDTH": "1200"]
        )
        #expect(configuration.port == 1003)
        #expect(configuration.width == 1200)
        #expect(configuration.height == 900)
    }

    @Test(arguments: [
        ("DESKROOM_HTTP_PORT", "70000", "whole number from 0 to 65535"),
        ("DESKROOM_HTTP_PORT", "eighty", "“eighty”"),
        ("DESKROOM_MEDIA_PORT", "-1", "whole number"),
        ("DESKROOM_MEDIA_ADDRESSES", "192.0.2.1,he re", "“he re” is not an address, a name"),
        ("DESKROOM_DESK_WIDTH", "1281", "odd"),
        ("DESKROOM_DESK_HEIGHT", "721", "odd"),
        ("DESKROOM_DESK_WIDTH", "100", "from 320"),
        ("DESKROOM_DESK_FPS", "0", "from 1 to 60"),
        ("DESKROOM_DESK_SOUND_PEOPLE", "a b", "“a b” is not 1 to 64 letters"),
        ("DESKROOM_DESK_SOUND_PEOPLE", "desk", "or is “desk”"),
        ("DESKROOM_DESK_CAPTURE", "magic", "damage or ximagesrc"),
        ("DESKROOM_CAMERA_CODEC", "h265", "“h265” is none of vp8, h264, vp9, av1"),
        ("DESKROOM_CAMERA_CODEC", "VP9", "“VP9” is none of"),
        ("DESKROOM_MICROPHONE_REDUNDANCY", "yes", "“yes” is not on or off"),
        ("DESKROOM_TLS_KEY", "/etc/key.pem", "belong together"),
        ("DESKROOM_TLS_CERTIFICATE", "/etc/chain.pem", "belong together"),
        ("DESKROOM_LOG_LEVEL", "loud", "“loud” is not a level"),
        ("DESKROOM_SESSION_PEOPLE", "0", "from 1 to 500"),
        ("DESKROOM_SESSION_SHARING", "501", "from 0 to 500"),
        ("DESKROOM_CONTROL_IDLE", "-1", "from 0 to 3600"),
        ("DESKROOM_CONTROL_ASK", "anybody", "none of both, clinician, holder"),
        ("DESKROOM_CONTROL_LIMIT", "5", "less than ten seconds"),
        ("DESKROOM_CONTROL_TIMEOUT", "4", "from 5 to 300"),
        ("DESKROOM_HTTP_PROXIES", "10.0.0.0/33", "not a list of addresses"),
        ("DESKROOM_ROOM_NAME", "my room", "without spaces"),
        ("DESKROOM_ACCESS_SECRET", "short", "at least 32 characters"),
        ("DESKROOM_RIGHTS_OBSERVER", "see everything", "“everything”, which is no right"),
    ])
    func aSettingThatCannotBeUsedIsRefusedInWords(_ variable: String, _ value: String, _ words: String) async
    {
        let error = await #expect(throws: ConfigurationError.self) {
            try await Configuration.load(flags: [:], file: nil, environment: [variable: value])
        }
        #expect(error?.description.contains(words) == true)
        #expect(error?.description.contains("DESKROOM_") == true)
    }

    /// A key that lets nobody in whom the address does not is a mistake.
    @Test(arguments: ["DESKROOM_ACCESS_SECRET", "DESKROOM_ACCESS_KEY_FILE"])
    func anOpenRoomHasNoKey(_ variable: String) async {
        let error = await #expect(throws: ConfigurationError.self) {
            try await Configuration.load(
                flags: ["access.open": "true"],
                file: nil,
                environment: [variable: "0123456789abcdef0123456789abcdef"]
            )
        }
        #expect(error?.key == "access.open")
        #expect(error?.description.contains("0123456789abcdef") == false)
    }

    @Test func aVariableIsNamedAsItIsRead() {
        let error = ConfigurationError(key: "access.keyFile", problem: "is not there")
        #expect(error.description == "access.keyFile (DESKROOM_ACCESS_KEY_FILE): is not there")
    }

    @Test func aFileThatIsNotThereIsRefused() async {
        let error = await #expect(throws: ConfigurationError.self) {
            try await Configuration.load(flags: [:], file: "/nowhere/at/all", environment: [:])
        }
        #expect(error?.key == "config")
        #expect(error?.problem.contains("/nowhere/at/all") == true)
    }
}
