/// A line to one person, or a reason: at most 300 characters that can be seen, and no more marks on a letter than languages
/// have; may be empty.
package struct PersonalLine: Hashable, Sendable {
    package let text: String

    /// Throws what is wrong with it, in words for whoever wrote it.
    package init(parsing text: String) throws(Refusal) {
        var line = ""
        do throws(UnusableText) {
            line = try ChatText(parsing: Array(text.utf8)).text
        } catch {
            // Of none nothing has to be seen.
            if error != .empty { throw Refusal(.lineTooLong) }
        }
        guard line.count <= Self.maximumLength else { throw Refusal(.lineTooLong) }
        self.text = line
    }

    /// Characters, as people count them.
    package static let maximumLength = 300
}
