internal import Access
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// A request to the API whose body has been read.
struct APIRequest: Sendable {
    let method: HTTPRequest.Method
    /// Behind `/api/v1`, decoded.
    let path: [String]
    /// Of each name the first, decoded.
    let query: [String: String]
    private let contentType: String?
    private let body: [UInt8]

    init(_ request: Request, path: Substring) async throws(APIProblem) {
        method = request.method
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var decoded: [String] = []
        for part in parts[0].split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let text = Self.decode(part) else {
                throw APIProblem(.badRequest, "The path is not UTF-8.")
            }
            decoded.append(text)
        }
        self.path = decoded
        var query: [String: String] = [:]
        for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(sides[0]), let value = Self.decode(sides.count > 1 ? sides[1] : "")
            else {
                throw APIProblem(.badRequest, "The query is not UTF-8.")
            }
            query[name] = query[name] ?? value
        }
        self.query = query
        contentType = request.headers[.contentType]
        do {
            body = Array(buffer: try await request.body.collect(upTo: Self.longestBody))
        } catch {
            throw APIProblem(.contentTooLarge, "A request has at most \(Self.longestBody) bytes.")
        }
    }

    /// The body as an object that has none but these members.
    func object(_ members: Set<String>) throws(APIProblem) -> JSONObject {
        let type = contentType?.prefix { $0 != ";" }.lowercased()
        guard type == "application/json" else {
            throw APIProblem(.unsupportedMediaType, "The body is application/json.")
        }
        let object: JSONObject
        do throws(JSONError) {
            object = try JSONObject(parsing: body)
        } catch {
            throw APIProblem(.badRequest, "The body cannot be read: \(error).")
        }
        if let other = object.members.first(where: { !members.contains($0.name) }) {
            throw APIProblem(.badRequest, "“\(other.name)” is no member of this body.")
        }
        return object
    }

    /// Percent-encoding (RFC 3986 §2.1); `nil` for what is none, or no UTF-8.
    private static func decode(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, digits.utf8.allSatisfy(\.isHexadecimal),
                let value = UInt8(digits, radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Bytes.
    static let longestBody = 16_384
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "a")...UInt8(ascii: "f"):
            true
        default: false
        }
    }
}
