/// What a door remembers of tokens until the session ends: those that work only once and have, and those that were withdrawn.
///
/// A room leaves it to the one that is started after it has crashed, which else would take them again.
package struct TokenMemory: Codable, Hashable, Sendable {
    package var spent: SpentTokens
    package var withdrawn: WithdrawnTokens

    package init(spent: SpentTokens = SpentTokens(), withdrawn: WithdrawnTokens = WithdrawnTokens()) {
        self.spent = spent
        self.withdrawn = withdrawn
    }
}
