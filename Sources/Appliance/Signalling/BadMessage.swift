/// A message that cannot be acted on.
package struct BadMessage: Error, Hashable, Sendable {
    /// The type of the message, if it was understood so far.
    package var step: String?
    package var refusal: Refusal

    package init(step: String?, _ refusal: Refusal) {
        self.step = step
        self.refusal = refusal
    }

    /// - Parameter words: For the page's developer.
    package init(step: String?, _ words: String) {
        self.init(step: step, Refusal(uncoded: "The room does not understand this page: \(words)."))
    }
}
