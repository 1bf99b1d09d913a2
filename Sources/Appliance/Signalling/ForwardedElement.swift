/// What one proxy says about a request in `Forwarded` (RFC 7239 §4).
package struct ForwardedElement: Hashable, Sendable {
    /// The node that the proxy was called by, without quotes: an address with brackets or a port, `unknown`, or an
    /// obfuscated name.
    package var node: String?
    package var scheme: String?
    package var host: String?

    package init() {}

    /// The elements of all the header's values, the nearest proxy's last; `nil` if they are not of that form.
    package static func all(parsing values: [String]) -> [ForwardedElement]? {
        var elements: [ForwardedElement] = []
        for value in values {
            guard value.utf8.count <= longest else { return nil }
            var rest = value.utf8[...]
            repeat {
                guard let element = ForwardedElement(parsing: &rest) else { return nil }
                elements.append(element)
            } while rest.take(UInt8(ascii: ","))
            guard rest.isEmpty else { return nil }
        }
        return elements
    }

    /// Up to the comma that ends the element, or the end.
    private init?(parsing rest: inout Substring.UTF8View) {
        repeat {
            rest.skipSpaces()
            guard let first = rest.first else { return }
            if first == UInt8(ascii: ";") || first == UInt8(ascii: ",") { continue }
            guard let name = rest.takeToken(), rest.takeExactly(UInt8(ascii: "=")) else { return nil }
            let quoted = rest.first == UInt8(ascii: "\"")
            guard let value = quoted ? rest.takeQuoted() : rest.takeToken() else { return nil }
            switch name.lowercased() {
            case "for":
                guard node == nil else { return nil }
                node = value
            case "proto":
                guard scheme == nil else { return nil }
                scheme = value.lowercased()
            case "host":
                guard host == nil else { return nil }
                host = value
            default: break
            }
            rest.skipSpaces()
        } while rest.take(UInt8(ascii: ";"))
    }

    /// Bytes of a value.
    private static let longest = 2_048
}

extension Substring.UTF8View {
    fileprivate mutating func skipSpaces() {
        while let byte = first, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { removeFirst() }
    }

    fileprivate mutating func take(_ byte: UInt8) -> Bool {
        skipSpaces()
        return takeExactly(byte)
    }

    fileprivate mutating func takeExactly(_ byte: UInt8) -> Bool {
        guard first == byte else { return false }
        removeFirst()
        return true
    }

    /// RFC 9110 §5.6.2; and, as many proxies write them without quotes, addresses with a port or in brackets.
    fileprivate mutating func takeToken() -> String? {
        let token = prefix { byte in
            byte > 0x20 && byte < 0x7f && !"\"(),/;<=>?@\\{}".utf8.contains(byte)
        }
        guard !token.isEmpty else { return nil }
        self = self[token.endIndex...]
        return String(Substring(token))
    }

    /// RFC 9110 §5.6.4.
    fileprivate mutating func takeQuoted() -> String? {
        removeFirst()
        var bytes: [UInt8] = []
        while let byte = popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = popFirst() else { return nil }
                bytes.append(escaped)
            default: bytes.append(byte)
            }
        }
        return nil
    }
}
