import Appliance
import Testing
import WebRTC

@Suite struct TURNServersTests {
    // printf 1700000060:7 | openssl dgst -sha1 -hmac north -binary | base64
    @Test func aSecretMakesANameThatExpiresAndItsPassword() throws {
        var settings = TURNSettings()
        settings.urls = ["turn:turn.example:3478", "turns:turn.example:443?transport=tcp"]
        settings.secret = "north"
        settings.lifetime = 60
        let servers = TURNServers(settings)
        let told = try #require(servers.servers(for: 7, now: 1_700_000_000))
        #expect(told.servers.map(\.urls) == [settings.urls])
        #expect(told.servers.first?.username == "1700000060:7")
        #expect(told.servers.first?.credential == "pdabs7RuBiON10TgiRlC8G2gttc=")
        #expect(!told.only)
        #expect(servers.renewal == .seconds(30))
        let short = servers.servers(for: 7, now: 1_700_000_000, atMost: 20)
        #expect(short?.servers.first?.username == "1700000020:7")
    }

    @Test func aFixedNameIsHandedOnAndNeedsNoRenewal() throws {
        var settings = TURNSettings()
        settings.urls = ["turn:192.0.2.7"]
        settings.username = "room"
        settings.password = "pass"
        settings.isOnly = true
        let servers = TURNServers(settings)
        let told = try #require(servers.servers(for: 7, now: 0))
        #expect(
            told
                == ICEServers(
                    servers: [.init(urls: ["turn:192.0.2.7"], username: "room", credential: "pass")],
                    only: true
                )
        )
        #expect(servers.renewal == nil)
    }

    @Test func withoutServersNothingIsTold() {
        #expect(TURNServers(TURNSettings()).servers(for: 7, now: 0) == nil)
    }

    @Test func theRoomsOwnServerIsToldBesideTheOthers() throws {
        let own = TURNCredentials(secret: "north")
        var settings = TURNSettings()
        settings.lifetime = 60
        let alone = try #require(TURNServers(settings, own: own).servers(for: 7, now: 1_700_000_000))
        #expect(alone.servers.isEmpty)
        #expect(alone.own == .init(username: "1700000060:7", credential: "pdabs7RuBiON10TgiRlC8G2gttc="))
        #expect(TURNServers(settings, own: own).renewal == .seconds(30))
        settings.urls = ["turn:192.0.2.7"]
        settings.secret = "south"
        let both = try #require(TURNServers(settings, own: own).servers(for: 7, now: 1_700_000_000))
        #expect(both.own == alone.own)
        #expect(both.servers.first?.username == "1700000060:7")
        #expect(both.servers.first?.credential != alone.own?.credential)
    }

    @Test(
        arguments: [
            ([:], false), (["http.host": "0.0.0.0"], true),
            (["http.host": "0.0.0.0", "turn.builtin": "off"], false),
            (["http.host": "0.0.0.0", "http.proxies": "192.0.2.1"], false),
            (["http.host": "0.0.0.0", "http.proxies": "192.0.2.1", "turn.builtin": "on"], true),
            (["http.host": "0.0.0.0", "http.proxies": "192.0.2.1", "http.proxy.protocol": "on"], true),
            (["http.host": "0.0.0.0", "turn.only": "on"], true),
        ] as [([String: String], Bool)]
    )
    func theRoomIsAServerItselfWherePeopleComeToItsTLS(_ flags: [String: String], _ isOn: Bool) async throws {
        #expect(try await Configuration.load(flags: flags, file: nil, environment: [:]).hasOwnTURN == isOn)
    }

    @Test(arguments: [
        (["turn.urls": "turn:a"], "turn.urls"), (["turn.urls": "stun:a", "turn.secret": "s"], "turn.urls"),
        (["turn.urls": "turn:a?transport=sctp", "turn.secret": "s"], "turn.urls"),
        (["turn.secret": "s"], "turn.urls"),
        (["turn.urls": "turn:a", "turn.username": "u"], "turn.password"),
        (
            ["turn.urls": "turn:a", "turn.username": "u", "turn.password": "p", "turn.secret": "s"],
            "turn.secret"
        ),
        (["turn.only": "on"], "turn.only"),
        (["turn.builtin": "on"], "turn.builtin"),
        (["turn.builtin": "perhaps", "http.host": "0.0.0.0"], "turn.builtin"),
        (["turn.urls": "turn:a", "turn.secret": "s", "turn.lifetime": "5"], "turn.lifetime"),
    ])
    func aSettingThatCannotWorkIsRefused(_ flags: [String: String], _ key: String) async {
        let error = await #expect(throws: ConfigurationError.self) {
            _ = try await Configuration.load(flags: flags, file: nil, environment: [:])
        }
        #expect(error?.key == key)
        #expect(error?.problem.contains("“s”") == false)
    }

    @Test(arguments: [
        "turn:turn.example", "turns:[2001:db8::7]:443?transport=tcp", "turn:192.0.2.7:3478?transport=udp",
    ])
    func addressesOfServersAreTaken(_ url: String) async throws {
        let flags = ["turn.urls": url, "turn.secret": "s"]
        #expect(try await Configuration.load(flags: flags, file: nil, environment: [:]).turn.urls == [url])
    }
}
