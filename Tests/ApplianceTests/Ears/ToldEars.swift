import Foundation

/// What a page was told of whom the desk's programs hear.
struct ToldEars: Decodable, Hashable, Sendable {
    var type = "deskEars"
    var offered: Bool
    var most: Int
    var people: [UInt64]
    var state: String

    /// `nil` for another message.
    init?(_ text: String) {
        guard let told = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)), told.type == "deskEars"
        else {
            return nil
        }
        self = told
    }
}
