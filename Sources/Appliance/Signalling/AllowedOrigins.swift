/// The origins (RFC 6454) of other sites whose pages may use this room: `page.origins`.
///
/// Whatever a browser lets other sites do with a room asks this: a WebSocket, the page's library, a frame, and what else is
/// served by HTTP to pages. Which pages are the room's own is another question (``RequestGate``).
package struct AllowedOrigins: Hashable, Sendable {
    /// As `Origin` has them (RFC 6454 §6.2), each once, in the order in which they were set.
    package let all: [String]

    /// Nobody's.
    package init() { all = [] }

    /// Why a text is no origin.
    package struct Problem: Error, Hashable, Sendable {
        /// What was set.
        package let text: String
        /// In words that go on after it.
        package let words: String
    }

    /// - Parameter texts: Such as `https://clinic.example` or `http://localhost:3000`.
    package init(_ texts: [String]) throws(Problem) {
        var all: [String] = []
        for text in texts {
            guard text != "*", text.lowercased() != "null" else {
                throw Problem(
                    text: text,
                    words: "would let in everybody’s pages: name those that may use the room"
                )
            }
            let base: PublicBase
            do throws(PublicBase.Problem) {
                base = try PublicBase(text)
            } catch {
                throw Problem(text: text, words: error.words)
            }
            guard base.prefix.isEmpty else {
                throw Problem(text: text, words: "has a path, which an origin has not: \(base.origin) is one")
            }
            if !all.contains(base.origin) { all.append(base.origin) }
        }
        self.all = all
    }

    package var isEmpty: Bool { all.isEmpty }

    /// Whether a page of this origin may use the room.
    ///
    /// - Parameter origin: The header `Origin` as it came; `nil`, and `null`, are nobody's.
    package func allows(_ origin: String?) -> Bool {
        origin.map { all.contains($0) } ?? false
    }

    /// Who may show the page in a frame, as `frame-ancestors` has it (CSP 3 §6.4.2).
    package var frameAncestors: String {
        isEmpty ? "'none'" : all.joined(separator: " ")
    }
}
