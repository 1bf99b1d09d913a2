package import Access

/// What `GET /settings` answers: each setting as it holds, and where it comes from; of a secret only whether there is one.
package struct APISettings: Sendable {
    private let settings: [EffectiveSetting]

    package init(_ settings: [EffectiveSetting]) { self.settings = settings }

    package var object: JSONObject {
        JSONObject(["settings": .array(settings.map { .object(Self.object($0)) })])
    }

    private static func object(_ effective: EffectiveSetting) -> JSONObject {
        let setting = effective.setting
        var source = "default"
        var file: (path: String, line: Int)?
        switch effective.place {
        case nil: break
        case .environment: source = "environment"
        case .flag: source = "flag"
        case .file(let path, let line):
            source = "file"
            file = (path, line)
        }
        let members: [(name: String, value: JSONValue?)] = [
            ("key", .string(setting.key)), ("variable", .string(setting.name.variable)),
            ("kind", .string(setting.kind.rawValue)), ("isSecret", .bool(setting.isSecret)),
            ("isSet", .bool(!effective.text.isEmpty)),
            ("value", setting.isSecret ? nil : .string(effective.text)), ("source", .string(source)),
            ("file", file.map { .string($0.path) }),
            ("line", file.flatMap { $0.line == 0 ? nil : .integer(Int64($0.line)) }),
        ]
        return JSONObject(members)
    }
}
