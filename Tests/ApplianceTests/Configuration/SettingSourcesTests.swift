import Appliance
import Foundation
import Testing

@Suite struct SettingSourcesTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let path = folder.appending(path: name).path
        #expect(
            FileManager.default.createFile(
                atPath: path,
                contents: Data(text.utf8),
                attributes: [.posixPermissions: mode]
            )
        )
        return path
    }

    private func read(
        _ flags: [String] = [],
        file: String? = nil,
        _ environment: [String: String] = [:],
        usual: String? = nil
    ) -> ReadSettings {
        ReadSettings(SettingSources(flags: flags, file: file, environment: environment, usual: usual))
    }

    @Test func allMistakesAreToldAtOnceEachWithItsPlace() throws {
        let file = try write(
            """
            DESKROOM_HTTP_PORT=70000
            nonsense
            DESKROOM_DESK_WIDHT=1280
            DESKROOM_DESK_FPS=0
            DESKROOM_DESK_HEIGHT=721
            """,
            to: "my.conf"
        )
        let words = read(
            ["media.port=x", "http.prot=1", "loud"],
            file: file,
            [
                "DESKROOM_LOG_LEVEL": "loud", "DESKROOM_ACCESS_SECRET": "hush",
                "DESKROOM_TLS_KEY": "/etc/key.pem",
            ]
        ).mistakes.map(\.description)
        let expected = [
            "\(file):1: http.port (DESKROOM_HTTP_PORT): “70000” is not a whole number",
            "\(file):2: is neither empty",
            "\(file):3: “DESKROOM_DESK_WIDHT” is no setting; did you mean desk.width (DESKROOM_DESK_WIDTH)?",
            "\(file):4: desk.fps (DESKROOM_DESK_FPS): “0”",
            "\(file):5: desk.height (DESKROOM_DESK_HEIGHT): 721 is odd",
            "--set: media.port (DESKROOM_MEDIA_PORT): “x”",
            "--set: “http.prot” is no setting; did you mean http.port (DESKROOM_HTTP_PORT)?",
            "--set: wants a key", "environment: log.level (DESKROOM_LOG_LEVEL): “loud”",
            "environment: access.secret (DESKROOM_ACCESS_SECRET): ",
            "environment: tls.key (DESKROOM_TLS_KEY): ",
        ]
        #expect(words.count == expected.count, "\(words)")
        for start in expected { #expect(words.contains { $0.hasPrefix(start) }, "\(start) of \(words)") }
        #expect(!words.contains { $0.contains("hush") })
    }

    @Test func theFileIsTheOneThatIsNamedOrTheUsualOne() throws {
        let one = try write("DESKROOM_HTTP_PORT=1001", to: "one.conf")
        let two = try write("DESKROOM_HTTP_PORT=1002", to: "two.conf")
        let three = try write("DESKROOM_HTTP_PORT=1003", to: "three.conf")
        #expect(read(file: one, ["DESKROOM_CONFIG": two], usual: three).configuration.port == 1001)
        #expect(read(["desk.fps=20"], ["DESKROOM_CONFIG": two], usual: three).configuration.port == 1002)
        #expect(read(["desk.fps=20"], ["DESKROOM_CONFIG": ""], usual: three).configuration.port == 1003)
        #expect(read(usual: "/nowhere/deskroom.conf").mistakes == [])
        let missing = read([], ["DESKROOM_CONFIG": "/nowhere/my.conf"], usual: three).mistakes
        #expect(missing.map(\.description) == ["/nowhere/my.conf: cannot be read: there is no such file"])
    }

    @Test func anUnknownVariableIsAWarningWithTheNearestName() {
        let read = self.read([], ["DESKROOM_HTTP_PROT": "1", "DESKROOM_BINARY": "/x", "HTTP_PORT": "2"])
        #expect(read.mistakes == [])
        let words = read.warnings.map(\.description)
        #expect(words.count == 2)
        #expect(
            words.last
                == "environment: “DESKROOM_HTTP_PROT” is no setting; did you mean http.port (DESKROOM_HTTP_PORT)?"
        )
    }

    // https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
    @Test func whatKubernetesSetsForAServiceOfThisNameIsPassedOver() {
        let address = "10.0.0.7"
        let own = [
            "DESKROOM_SERVICE_HOST": address, "DESKROOM_SERVICE_PORT": "8443",
            "DESKROOM_SERVICE_PORT_HTTPS": "8443",
            "DESKROOM_PORT": "tcp://\(address):8443", "DESKROOM_PORT_8443_TCP": "tcp://\(address):8443",
            "DESKROOM_PORT_8443_TCP_PROTO": "tcp", "DESKROOM_PORT_8443_TCP_PORT": "8443",
            "DESKROOM_PORT_8443_TCP_ADDR": address, "DESKROOM_WEB_PORT_40000_UDP_ADDR": address,
        ]
        let passed = read([], own)
        #expect(passed.mistakes == [] && passed.warnings == [])
        // Of a Service that is called deskroom-http.
        let taken = read([], ["DESKROOM_HTTP_PORT": "tcp://\(address):8443"])
        #expect(taken.configuration.port == 8080 && taken.mistakes == [])
        #expect(taken.warnings.first?.description.contains("enableServiceLinks") == true)
    }

    @Test func aSecretComesFromItsFileWithoutTheEndOfTheLine() throws {
        let secret = String(repeating: "s", count: 40)
        let path = try write(secret + "\n", to: "secret")
        let read = self.read(["api.secret.file=\(path)"], ["DESKROOM_ACCESS_SECRET_FILE": path])
        #expect(read.mistakes == [] && read.warnings == [])
        #expect(read.configuration.access.secret == secret && read.configuration.apiSecret == secret)
        #expect(read.sources.secretFiles == [path, path])
        let link = folder.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: URL(filePath: path))
        let linked = self.read(["api.secret.file=\(link.path)"])
        #expect(linked.configuration.apiSecret == secret && linked.warnings == [])
    }

    @Test func aSecretThatCannotBeTakenFromItsFileIsRefusedInWords() throws {
        let secret = String(repeating: "s", count: 40)
        let cases = [
            (try write("\n", to: "empty"), "is empty"), (try write("a\nb", to: "lines"), "several lines"),
            ("/nowhere/secret", "there is no such file"), (folder.path, "it is a directory"),
            (try write("short", to: "short"), "at least 32"),
        ]
        for (path, words) in cases {
            let mistakes = read([], ["DESKROOM_ACCESS_SECRET_FILE": path]).mistakes
            #expect(mistakes.count == 1, "\(path)")
            #expect(mistakes.first?.description.contains(words) == true, "\(mistakes)")
        }
        let path = try write(secret, to: "open", mode: 0o644)
        #expect(
            read([], ["DESKROOM_API_SECRET_FILE": path]).warnings.first?.problem.contains("every user")
                == true
        )
        let both = read(["access.secret=\(secret)"], ["DESKROOM_ACCESS_SECRET_FILE": path])
        #expect(both.mistakes.first?.description.contains("is set besides access.secret") == true)
        #expect(both.mistakes.allSatisfy { !$0.description.contains(secret) })
    }

    @Test func everySettingIsToldWithItsValueAndPlace() throws {
        let file = try write("DESKROOM_DESK_WIDTH=1280", to: "my.conf")
        let effective = read(["http.port=1"], file: file, ["DESKROOM_LOG_LEVEL": "debug"]).effective
        func told(_ key: String) -> String? {
            effective.first { $0.setting.key == key }.map {
                "\($0.text) \($0.place?.description ?? "default")"
            }
        }
        #expect(effective.count == SettingsTable.all.count)
        #expect(told("http.port") == "1 --set" && told("log.level") == "debug environment")
        #expect(told("desk.width") == "1280 \(file):1" && told("desk.height") == "1080 default")
    }
}
