internal import Access
internal import HTTPTypes

/// A token that the clinic's back end asks for.
struct NewToken {
    let token: JoinToken

    static let members: Set<String> = [
        "admin", "expiresIn", "give", "name", "notBefore", "once", "role", "subject", "take",
    ]

    /// - Parameter now: Seconds since 1970.
    init(_ object: JSONObject, to room: Identifier, now: Int64) throws(APIProblem) {
        guard let subject = object["subject"]?.text.flatMap(Identifier.init) else {
            throw Self.bad("subject", "1 to 128 visible characters of ASCII")
        }
        let isAdmin = try Self.flag("admin", of: object)
        var role: Role?
        if let value = object["role"] {
            role = value.text.flatMap(Role.init)
            guard role != nil else { throw Self.bad("role", "caregiver, client, clinician or observer") }
        }
        guard role != nil || isAdmin else {
            throw APIProblem(.badRequest, "“role” is missing: only a token with “admin” needs none.")
        }
        var name: String?
        if let value = object["name"] {
            name = value.text.flatMap { try? DisplayName(parsing: $0).text }
            guard name != nil else {
                throw Self.bad("name", "1 to 64 characters that can be seen and do not turn text around")
            }
        }
        let lifetime = try Self.number("expiresIn", of: object, in: 1...Self.longest) ?? Self.usual
        let notBefore = try Self.number("notBefore", of: object, in: 0...Self.latest)
        token = JoinToken(
            room: room,
            subject: subject,
            name: name,
            role: role,
            given: try Self.rights("give", of: object),
            taken: try Self.rights("take", of: object),
            expires: max(now, notBefore ?? now) + lifetime,
            notBefore: notBefore,
            issued: now,
            id: .random(),
            isOneUse: try Self.flag("once", of: object),
            isAdmin: isAdmin
        )
    }

    private static func flag(_ name: String, of object: JSONObject) throws(APIProblem) -> Bool {
        switch object[name] {
        case nil: return false
        case .bool(let value): return value
        default: throw bad(name, "true or false")
        }
    }

    private static func rights(_ name: String, of object: JSONObject) throws(APIProblem) -> Rights {
        guard let value = object[name] else { return [] }
        guard let rights = value.texts.flatMap(Rights.init(names:)) else {
            throw bad(name, "a list of rights, such as \(Rights.all.names.joined(separator: ", "))")
        }
        return rights
    }

    private static func number(
        _ name: String,
        of object: JSONObject,
        in range: ClosedRange<Int64>
    ) throws(APIProblem) -> Int64? {
        let number: Int64? =
            switch object[name] {
            case .integer(let number): number
            // A whole number is one however it is written.
            case .number(let number): Int64(exactly: number)
            default: nil
            }
        guard object[name] != nil else { return nil }
        guard let number, range.contains(number) else {
            throw bad(name, "a whole number of seconds from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func bad(_ name: String, _ what: String) -> APIProblem {
        APIProblem(.badRequest, "“\(name)” is not \(what).")
    }

    /// Seconds: 30 days, an hour, and the end of the year 9998.
    private static let longest: Int64 = 2_592_000
    private static let usual: Int64 = 3_600
    private static let latest: Int64 = 253_370_764_799
}
