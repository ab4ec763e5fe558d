// SPDX-License-Identifier: Apache-2.0

/// The part of the provider's public schema that the stand-in serves, by the provider's own names.
package enum ProviderSchema {
    /// The schema, read.
    package static func load() throws(GraphQLError) -> Schema {
        try Schema(parsing: metaTypes + scalars + connections + types + operations)
    }

    private static let scalars = """
        scalar DateTime scalar JSON scalar EnvironmentConfig scalar EnvironmentVariables
        interface Node { id: ID! }
        enum VolumeState { DELETED DELETING ERROR MIGRATING MIGRATION_PENDING READY RESTORING UPDATING }
        enum EnvironmentPatchStatus { APPLYING COMMITTED STAGED }

        """

    private static let connections: String = {
        var text =
            "type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }\n"
        let pairs = [
            ("QueryProjectsConnection", "Project"), ("WorkspaceProjectsConnection", "Project"),
            ("ProjectEnvironmentsConnection", "Environment"), ("QueryEnvironmentsConnection", "Environment"),
            ("ProjectServicesConnection", "Service"), ("ProjectVolumesConnection", "Volume"),
            ("VolumeVolumeInstancesConnection", "VolumeInstance"),
            ("EnvironmentVolumeInstancesConnection", "VolumeInstance"),
        ]
        for (connection, node) in pairs {
            text += "type \(connection) { edges: [\(connection)Edge!]! pageInfo: PageInfo! }\n"
            text += "type \(connection)Edge { cursor: String! node: \(node)! }\n"
        }
        return text
    }()

    private static let page = "after: String before: String first: Int last: Int"

    private static let types = """
        type User implements Node { id: ID! email: String! name: String username: String workspaces: [Workspace!]! }
        type Workspace implements Node { id: ID! name: String! projects(\(page)): WorkspaceProjectsConnection! }
        type ApiTokenWorkspace { id: String! name: String! }
        type ApiTokenContext { workspaces: [ApiTokenWorkspace!]! }
        type ProjectToken implements Node {
          id: ID! name: String! displayToken: String! createdAt: DateTime!
          projectId: String! environmentId: String! project: Project! environment: Environment!
        }
        type Project implements Node {
          id: ID! name: String! description: String createdAt: DateTime! updatedAt: DateTime! deletedAt: DateTime
          workspaceId: String workspace: Workspace baseEnvironmentId: String
          environments(\(page) isEphemeral: Boolean): ProjectEnvironmentsConnection!
          services(\(page)): ProjectServicesConnection!
          volumes(\(page)): ProjectVolumesConnection!
        }
        type Environment implements Node {
          id: ID! name: String! projectId: String! createdAt: DateTime! updatedAt: DateTime! deletedAt: DateTime
          isEphemeral: Boolean! canAccess: Boolean! config(decryptVariables: Boolean): EnvironmentConfig!
          volumeInstances(\(page)): EnvironmentVolumeInstancesConnection!
        }
        type Service implements Node {
          id: ID! name: String! icon: String projectId: String! project: Project!
          createdAt: DateTime! updatedAt: DateTime! deletedAt: DateTime
        }
        type Volume implements Node {
          id: ID! name: String! projectId: String! project: Project! createdAt: DateTime!
          volumeInstances(\(page)): VolumeVolumeInstancesConnection!
        }
        type VolumeInstance implements Node {
          id: ID! volumeId: String! environmentId: String! serviceId: String mountPath: String! region: String
          state: VolumeState isPendingDeletion: Boolean! currentSizeMB: Float! sizeMB: Int! createdAt: DateTime!
          externalId: String volume: Volume! environment: Environment! service: Service!
        }
        type VolumeInstanceBackup {
          id: String! name: String createdAt: DateTime! expiresAt: DateTime creatorId: String externalId: String!
          scheduleId: String referencedMB: Int usedMB: Int volumeInstanceSizeMB: Int
        }
        type EnvironmentPatch implements Node {
          id: ID! environmentId: String! environment: Environment! status: EnvironmentPatchStatus! message: String
          patch(decryptVariables: Boolean): EnvironmentConfig!
          createdAt: DateTime! updatedAt: DateTime! appliedAt: DateTime lastAppliedError: String
        }
        type CustomDomain implements Node {
          id: ID! domain: String! environmentId: String! projectId: String serviceId: String! targetPort: Int
          createdAt: DateTime updatedAt: DateTime deletedAt: DateTime
        }
        type AllDomains { customDomains: [CustomDomain!]! }
        type WorkflowId { workflowId: String }
        input VolumeInstanceUpdateInput { mountPath: String serviceId: String state: VolumeState }
        input CustomDomainCreateInput {
          domain: String! environmentId: String! projectId: String! serviceId: String! targetPort: Int
        }
        input VariableUpsertInput {
          environmentId: String! name: String! projectId: String! serviceId: String skipDeploys: Boolean = false
          value: String!
        }

        """

    private static let operations = """
        type Query {
          me: User!
          apiToken: ApiTokenContext!
          projectToken: ProjectToken!
          projects(\(page) includeDeleted: Boolean userId: String workspaceId: String): QueryProjectsConnection!
          project(id: String!): Project!
          environments(\(page) isEphemeral: Boolean projectId: String!): QueryEnvironmentsConnection!
          environment(id: String! projectId: String): Environment!
          environmentStagedChanges(environmentId: String!): EnvironmentPatch!
          service(id: String!): Service!
          volumeInstance(id: String!): VolumeInstance!
          volumeInstanceBackupList(volumeInstanceId: String!): [VolumeInstanceBackup!]!
          domains(environmentId: String! projectId: String! serviceId: String!): AllDomains!
          customDomain(id: String! projectId: String!): CustomDomain!
          variables(
            environmentId: String! projectId: String! serviceId: String unrendered: Boolean
          ): EnvironmentVariables!
        }
        type Mutation {
          volumeDelete(volumeId: String!): Boolean!
          volumeInstanceUpdate(environmentId: String input: VolumeInstanceUpdateInput! volumeId: String!): Boolean!
          volumeInstanceBackupCreate(name: String volumeInstanceId: String!): WorkflowId!
          volumeInstanceBackupDelete(volumeInstanceBackupId: String! volumeInstanceId: String!): WorkflowId!
          serviceDelete(environmentId: String id: String!): Boolean!
          environmentDelete(id: String!): Boolean!
          projectDelete(id: String!): Boolean!
          customDomainCreate(input: CustomDomainCreateInput!): CustomDomain!
          customDomainDelete(id: String!): Boolean!
          variableUpsert(input: VariableUpsertInput!): Boolean!
          environmentStageChanges(
            environmentId: String! input: EnvironmentConfig! merge: Boolean
          ): EnvironmentPatch!
          environmentPatchCommit(commitMessage: String environmentId: String! patch: EnvironmentConfig): String!
          environmentPatchCommitStaged(
            commitMessage: String environmentId: String! skipDeploys: Boolean
          ): String!
        }
        """

    private static let metaTypes = """
        type __Schema { queryType: __Type! mutationType: __Type subscriptionType: __Type types: [__Type!]! directives: [__Directive!]! }
        type __Type {
          kind: __TypeKind! name: String description: String ofType: __Type
          fields(includeDeprecated: Boolean = false): [__Field!] interfaces: [__Type!] possibleTypes: [__Type!]
          enumValues(includeDeprecated: Boolean = false): [__EnumValue!] inputFields: [__InputValue!]
        }
        type __Field {
          name: String! description: String args: [__InputValue!]! type: __Type! isDeprecated: Boolean!
          deprecationReason: String
        }
        type __InputValue { name: String! description: String type: __Type! defaultValue: String }
        type __EnumValue { name: String! description: String isDeprecated: Boolean! deprecationReason: String }
        type __Directive { name: String! description: String locations: [String!]! args: [__InputValue!]! }
        enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }

        """
}
