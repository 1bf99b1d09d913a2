/// What a person is in the room; what they may do say their ``Rights``.
package enum Role: String, Codable, Hashable, Sendable, CaseIterable {
    /// Is with a client: a parent or an assistant.
    case caregiver
    case client
    case clinician
    /// A supervisor or an interpreter.
    case observer
}
