// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

@Suite("Where a push goes")
struct GitPushTests {
    private static let shop = "git@github.com:acme/shop"

    @Test(
        "The remote and the branch are read where the words tell them",
        arguments: [
            ("git push git@github.com:acme/shop main", [CommandSight.Push(remote: shop, branch: "main")]),
            (
                "/usr/bin/git -C dir -c a=b push git@github.com:acme/shop HEAD:main",
                [.init(remote: shop, branch: "main")]
            ),
            ("git push git@github.com:acme/shop +feature:refs/heads/main", [.init(remote: shop, branch: "main")]),
            ("git push --repo=git@github.com:acme/shop", [.init(remote: shop, branch: nil)]),
            (
                "git push -o ci.skip git@github.com:acme/shop a b",
                [.init(remote: shop, branch: "a"), .init(remote: shop, branch: "b")]
            ),
            ("git push git@github.com:acme/shop --mirror", [.init(remote: shop, branch: nil)]),
            ("git push git@github.com:acme/shop :main", [.init(remote: shop, branch: "main")]),
            ("git push git@github.com:acme/shop HEAD", [.init(remote: shop, branch: nil)]),
            ("git push origin main", [.init(remote: nil, branch: "main")]),
            ("git push", [.init(remote: nil, branch: nil)]),
            ("git push ?", [.init(remote: nil, branch: nil)]),
            ("git push ? git@github.com:acme/shop feature", [.init(remote: nil, branch: nil)]),
            ("git push --dry-run git@github.com:acme/shop main", []), ("git status", []), ("echo git push", []),
            ("git commit push", []),
        ])
    func reads(_ command: String, _ pushes: [CommandSight.Push]) {
        let argv = command.split(separator: " ").map { $0 == "?" ? nil : String($0) }
        #expect(GitPushReader.pushes(argv) == pushes)
    }
}
