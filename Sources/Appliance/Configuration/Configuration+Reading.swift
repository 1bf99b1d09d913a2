internal import Access
internal import Configuration
internal import IO
internal import Logging
internal import RemoteControl
internal import SystemPackage
internal import Wire

extension Configuration {
    /// Reads flags, `environment` and the file at `path`, in this order of precedence.
    ///
    /// - Parameter flags: Values by key, e.g. `["http.port": "8443"]`.
    /// - Parameter path: A file of lines such as `DESKROOM_HTTP_PORT=8443`; `#` starts a comment.
    package static func load(
        flags: [String: String],
        file path: String?,
        environment: [String: String]
    ) async throws(ConfigurationError) -> Configuration {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, value) in flags {
            values[AbsoluteConfigKey(ConfigKey("deskroom." + key))] = ConfigValue(
                .string(value),
                isSecret: false
            )
        }
        var providers: [any ConfigProvider] = [
            InMemoryProvider(name: "flags", values: values),
            EnvironmentVariablesProvider(environmentVariables: environment),
        ]
        if let path {
            do {
                providers.append(
                    try await EnvironmentVariablesProvider(environmentFilePath: FilePath(path))
                )
            } catch {
                throw ConfigurationError(key: "config", problem: "cannot read \(path): \(error)")
            }
        }
        return try Configuration(reading: ConfigReader(providers: providers).scoped(to: "deskroom"))
    }

    private init(reading reader: ConfigReader) throws(ConfigurationError) {
        self.init()
        let values = SettingValues(reader: reader)
        host = values.text("http.host") ?? host
        port = try values.number("http.port", in: 0...65_535) ?? port
        origins = values.list("http.origins") ?? origins
        hosts = values.list("http.hosts") ?? hosts
        if let proxies = values.list("http.proxies") {
            guard let value = TrustedProxies(proxies) else {
                throw ConfigurationError(
                    key: "http.proxies",
                    problem: "“\(proxies.joined(separator: ","))” is not a list of addresses, or of networks "
                        + "such as 10.0.0.0/8"
                )
            }
            trustedProxies = value
        }
        certificatePath = values.text("tls.certificate")
        keyPath = values.text("tls.key")
        certificateNames = values.list("tls.names") ?? certificateNames
        mediaPort = UInt16(try values.number("media.port", in: 0...65_535) ?? Int(mediaPort))
        announcedAddresses = values.list("media.addresses") ?? announcedAddresses
        width = try values.number("desk.width", in: 320...3_840) ?? width
        height = try values.number("desk.height", in: 240...2_160) ?? height
        display = values.text("desk.display")
        sound = values.text("desk.sound")
        soundSource = values.text("desk.sound.source") ?? soundSource
        framesPerSecond = try values.number("desk.fps", in: 1...60) ?? framesPerSecond
        if let text = values.text("desk.capture") {
            guard let value = Capture(rawValue: text) else {
                throw ConfigurationError(key: "desk.capture", problem: "“\(text)” is not damage or ximagesrc")
            }
            capture = value
        }
        unmasked = try values.choice("desk.unmasked") ?? unmasked
        videoBitrate = try values.number("desk.bitrate", in: 100_000...100_000_000) ?? videoBitrate
        audioBitrate = try values.number("desk.audio.bitrate", in: 6_000...510_000) ?? audioBitrate
        if let text = values.text("camera.codec") {
            guard let value = CameraCodec(rawValue: text) else {
                let names = CameraCodec.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationError(key: "camera.codec", problem: "“\(text)” is none of \(names)")
            }
            cameraCodec = value
        }
        repeatsMicrophones = try values.flag("microphone.redundancy") ?? repeatsMicrophones
        opensGL = try values.flag("desk.opengl") ?? opensGL
        windowManager = values.raw("desk.wm") ?? windowManager
        apps = values.list("desk.apps", separator: ";") ?? apps
        deskUser = values.text("desk.user")
        programEnvironment = values.list("desk.environment") ?? programEnvironment
        if let text = values.text("desk.network") {
            guard let value = DeskNetwork(rawValue: text) else {
                throw ConfigurationError(key: "desk.network", problem: "“\(text)” is not all, others or none")
            }
            deskNetwork = value
        }
        runtimeDirectory = values.text("runtime.dir")
        maximumPeople = try values.number("session.people", in: 1...500) ?? maximumPeople
        sharing = try values.number("session.sharing", in: 0...500) ?? sharing
        controlIdle = try values.number("control.idle", in: 0...3_600) ?? controlIdle
        control = try ControlPolicy(reading: values)
        logLevel = values.text("log.level") ?? logLevel
        access = try AccessSettings(reading: values)
        audit = try AuditSettings(reading: values)
        apiSecret = values.text("api.secret")
        try validate()
    }

    private func validate() throws(ConfigurationError) {
        guard width.isMultiple(of: 2) else {
            throw ConfigurationError(key: "desk.width", problem: "\(width) is odd; video needs even sizes")
        }
        guard height.isMultiple(of: 2) else {
            throw ConfigurationError(key: "desk.height", problem: "\(height) is odd; video needs even sizes")
        }
        guard (certificatePath == nil) == (keyPath == nil) else {
            throw ConfigurationError(
                key: certificatePath == nil ? "tls.certificate" : "tls.key",
                problem: "a certificate and its key belong together: set both, or neither"
            )
        }
        guard apiSecret.map({ $0.utf8.count >= TokenKey.shortestSecret }) ?? true else {
            throw ConfigurationError(
                key: "api.secret",
                problem:
                    "has less than \(TokenKey.shortestSecret) characters (openssl rand -hex 32 makes one)"
            )
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ConfigurationError(
                key: "log.level",
                problem: "“\(logLevel)” is not a level; try info or debug"
            )
        }
        for address in announcedAddresses where SocketAddress(text: address, port: 1) == nil {
            throw ConfigurationError(
                key: "media.addresses",
                problem: "“\(address)” is not an IPv4 or IPv6 address"
            )
        }
    }
}
