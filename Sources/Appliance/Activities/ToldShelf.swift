internal import Foundation
package import IO
internal import Wire

/// What the room is told of the shelf: what people see.
///
/// It inherits it in a file in memory; numbers are places in ``Shelf/activities``.
package struct ToldShelf: Codable, Hashable, Sendable {
    package struct Activity: Codable, Hashable, Sendable {
        package var name: String
        /// By locale.
        package var names: [String: String] = [:]
        package var comment = ""
        package var comments: [String: String] = [:]
        package var isAlwaysThere = false

        package init(name: String) { self.name = name }
    }

    package var activities: [Activity] = []
    /// Whether the home directory is new after the desk was reset.
    package var hasOwnHome = false

    package init() {}

    package init(_ shelf: Shelf, hasOwnHome: Bool) {
        activities = shelf.activities.map { activity in
            var told = Activity(name: activity.name.text)
            told.names = activity.name.translations
            told.comment = activity.comment.text
            told.comments = activity.comment.translations
            told.isAlwaysThere = activity.isAlwaysThere
            return told
        }
        self.hasOwnHome = hasOwnHome
    }

    /// Reads what was written by ``write(to:)``; an empty shelf, if that cannot be read.
    package init(_ file: borrowing MemoryFile) {
        let told = try? JSONDecoder().decode(ToldShelf.self, from: Data(file.read(Self.longest)))
        self = told ?? ToldShelf()
        if activities.count > Shelf.most { activities.removeLast(activities.count - Shelf.most) }
    }

    package func write(to file: borrowing MemoryFile) {
        guard let bytes = try? [UInt8](JSONEncoder().encode(self)), bytes.count <= Self.longest else {
            return
        }
        file.write(bytes)
    }

    /// Bytes: all texts at their longest.
    private static let longest = 1 << 23
}
