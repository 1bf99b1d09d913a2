internal import Access

/// Reads the members of an object, and says of what is missing or of another kind where it stands.
///
/// A member that is `null` counts as missing. Nothing that was sent gets into an error but names that this side asks for.
struct JSONFields {
    let object: JSONObject
    /// Where the object stands, such as `rtpParameters`.
    let place: String

    init(_ object: JSONObject, at place: String) {
        self.object = object
        self.place = place
    }

    subscript(name: String) -> JSONValue? {
        switch object[name] {
        case nil, .null?: nil
        case let value?: value
        }
    }

    func wrong(_ name: String, _ words: String) -> MediasoupError {
        MediasoupError("\(place).\(name)", words)
    }

    // MARK: Values that have to be there

    /// A text of 1…`limit` bytes.
    func text(_ name: String, limit: Int = 256) throws(MediasoupError) -> String {
        guard let text = try optionalText(name, limit: limit) else { throw wrong(name, "is missing") }
        guard !text.isEmpty else { throw wrong(name, "is empty") }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(MediasoupError) -> Int {
        guard let number = try optionalInteger(name, in: range) else { throw wrong(name, "is missing") }
        return number
    }

    func fields(_ name: String) throws(MediasoupError) -> JSONFields {
        guard let fields = try optionalFields(name) else { throw wrong(name, "is missing") }
        return fields
    }

    // MARK: Values that may be missing

    func optionalText(_ name: String, limit: Int = 256) throws(MediasoupError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.text else { throw wrong(name, "is not a text") }
        guard text.utf8.count <= limit else { throw wrong(name, "is longer than \(limit) bytes") }
        return text
    }

    func optionalBool(_ name: String) throws(MediasoupError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .bool(let isTrue) = value else { throw wrong(name, "is not true or false") }
        return isTrue
    }

    func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(MediasoupError) -> Int? {
        guard let value = self[name] else { return nil }
        guard let number = value.wholeNumber else { throw wrong(name, "is not a whole number") }
        guard range.contains(number) else {
            throw wrong(name, "is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    func optionalFields(_ name: String) throws(MediasoupError) -> JSONFields? {
        guard let value = self[name] else { return nil }
        guard let object = value.object else { throw wrong(name, "is not an object") }
        return JSONFields(object, at: "\(place).\(name)")
    }

    /// The objects of an array of at most `limit`; none if it is missing.
    func list(_ name: String, limit: Int) throws(MediasoupError) -> [JSONFields] {
        guard let value = self[name] else { return [] }
        guard let values = value.array else { throw wrong(name, "is not an array") }
        guard values.count <= limit else { throw wrong(name, "has more than \(limit) entries") }
        var list: [JSONFields] = []
        for (index, value) in values.enumerated() {
            guard let object = value.object else { throw wrong("\(name)[\(index)]", "is not an object") }
            list.append(JSONFields(object, at: "\(place).\(name)[\(index)]"))
        }
        return list
    }
}

extension JSONValue {
    /// A number without a fraction, however it is written: some languages write `100.0`.
    var wholeNumber: Int? {
        switch self {
        case .integer(let number): Int(exactly: number)
        case .number(let number): Int(exactly: number)
        case .array, .bool, .null, .object, .string: nil
        }
    }
}
